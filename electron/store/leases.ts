import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing, writeError } from '../platform/file-errors.ts';
import { makeFolders } from '../platform/make-folders.ts';
import { isProcessAlive, processIdentity } from '../platform/process-identity.ts';
import type { StorePaths } from './store-paths.ts';

/**
 * A lease says that a process is at work from now on. Whatever it touches while it holds one, a clean-up in
 * any process keeps (see collect.ts). A lease of a dead process counts for nothing.
 */
export interface Lease {
  release(): Promise<void>;
}

/** Takes a lease; release it when the work is done. */
export async function takeLease(paths: StorePaths): Promise<Lease> {
  const path = join(paths.leases(), `${processIdentity()}.${randomBytes(4).toString('hex')}`);
  try {
    await makeFolders(paths.leases());
    writeFileSync(path, '');
  } catch (error) {
    throw writeError(error, path);
  }
  return { release: async () => rmSync(path, { force: true }) };
}

/** When the oldest live lease began (ms since the epoch), null when nobody is at work. Removes dead ones. */
export async function oldestLease(paths: StorePaths): Promise<number | null> {
  let oldest: number | null = null;
  for (const name of await namesIn(paths.leases())) {
    const path = join(paths.leases(), name);
    if (!isProcessAlive(name.split('.')[0] ?? '')) {
      await rm(path, { force: true });
      continue;
    }
    const begun = await stat(path).then(
      (s) => s.mtimeMs,
      () => null,
    );
    if (begun !== null && (oldest === null || begun < oldest)) oldest = begun;
  }
  return oldest;
}

/** The names in a folder, none when it does not exist. */
export async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error) => {
    if (isMissing(error)) return [];
    throw error;
  });
}
