import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildServices } from '../../build/build-services.ts';
import type { StepRecord } from '../../build/cache/step-cache.ts';
import { readJsonIfThere } from '../../platform/atomic-file.ts';
import { namesIn } from '../../store/leases.ts';

/** A step result, and when a build last used it (ms since the epoch). */
export type StoredStep = StepRecord & { readonly usedAt: number };

/** Every step result that the cache holds. */
export async function stepRecords({ store }: BuildServices): Promise<StoredStep[]> {
  const folder = store.paths.cacheSteps();
  const records: StoredStep[] = [];
  for (const part of await namesIn(folder)) {
    for (const name of await readdir(join(folder, part)).catch(() => [])) {
      const path = join(folder, part, name);
      const record = name.endsWith('.json') ? ((await readJsonIfThere(path)) as StepRecord | null) : null;
      if (record === null || typeof record.key !== 'string') continue;
      // Looking a step up touches its file.
      const found = await stat(path).catch(() => null);
      records.push({ ...record, usedAt: found?.mtimeMs ?? record.builtAt });
    }
  }
  return records;
}

/** Removes step results and remembers when and why, so that nobody says later that something changed. */
export async function dropSteps(
  services: BuildServices,
  records: readonly StepRecord[],
  by: string,
): Promise<void> {
  if (records.length === 0) return;
  for (const { key } of records) await services.steps.remove(key);
  await services.evictions.add(
    records.map(({ key }) => key),
    { at: Date.now(), by },
  );
}
