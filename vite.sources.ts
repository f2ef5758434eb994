import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Tells this build of Strata from others, as a constant of its programs: work is handed over only between programs of
 * the same one.
 */
export function sourcesConstant(root: string): Record<string, string> {
  const hash = createHash('sha256');
  const configs = readdirSync(root).filter((name) => /^vite\..*\.ts$/.test(name));
  for (const name of ['package.json', ...configs.sort()]) hash.update(readFileSync(join(root, name)));
  for (const folder of ['electron', 'shared']) {
    const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort();
    for (const name of names.filter((one) => one.endsWith('.ts') && !one.endsWith('.test.ts')))
      hash.update(name).update(readFileSync(join(root, folder, name)));
  }
  return { STRATA_SOURCES: JSON.stringify(hash.digest('hex').slice(0, 32)) };
}
