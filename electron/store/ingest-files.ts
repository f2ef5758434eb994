import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing, writeError } from '../platform/file-errors.ts';
import { makeFolders } from '../platform/make-folders.ts';
import { isProcessAlive, processIdentity } from '../platform/process-identity.ts';
import { namesIn } from './leases.ts';
import type { StorePaths } from './store-paths.ts';

/**
 * A file of the ingest folder that this process alone writes. Names are `key.pid-start.random`; who takes
 * over a dead process's file renames it first, so that only one can.
 */
export interface IngestFile {
  readonly name: string;
  readonly path: string;
  readonly key: string | undefined;
}

/** Claims a partial file with this key that nobody writes now, or names a new one. */
export async function claimIngest(paths: StorePaths, key: string | undefined): Promise<IngestFile> {
  const name = `${key ?? 'new'}.${processIdentity()}.${randomBytes(6).toString('hex')}`;
  const path = join(paths.ingest(), name);
  try {
    await makeFolders(paths.ingest());
    if (key !== undefined) {
      for (const left of await namesIn(paths.ingest())) {
        if (
          left.startsWith(`${key}.`) &&
          isAbandoned(left) &&
          (await renamed(join(paths.ingest(), left), path))
        )
          break;
      }
    }
  } catch (error) {
    throw writeError(error, path);
  }
  return { name, path, key };
}

/** Whether another living process writes a file with this key; `senior`: one whose identity comes before ours. */
export async function isIngestedElsewhere(
  paths: StorePaths,
  key: string,
  rank: 'any' | 'senior',
): Promise<boolean> {
  const own = processIdentity();
  return (await namesIn(paths.ingest())).some((name) => {
    const owner = name.startsWith(`${key}.`) ? (name.split('.')[1] ?? '') : '';
    return owner !== '' && owner !== own && (rank === 'any' || owner < own) && !isAbandoned(name);
  });
}

/** Lets go of a file: kept under its key for a later writer, or removed. */
export async function releaseIngest(paths: StorePaths, file: IngestFile, keep: boolean): Promise<void> {
  if (keep && file.key !== undefined)
    await renamed(file.path, join(paths.ingest(), `${file.key}.free.${randomBytes(6).toString('hex')}`));
  else await rm(file.path, { force: true });
}

/** Removes partial files that no live process writes, and returns the names of them; `keepKeyed` spares resumable ones. */
export async function sweepIngest(paths: StorePaths, options: { keepKeyed: boolean }): Promise<string[]> {
  const removed: string[] = [];
  for (const name of await namesIn(paths.ingest())) {
    if (!isAbandoned(name) || (options.keepKeyed && !name.startsWith('new.'))) continue;
    await rm(join(paths.ingest(), name), { force: true, recursive: true });
    removed.push(name);
  }
  return removed;
}

function isAbandoned(name: string): boolean {
  const owner = name.split('.')[1] ?? '';
  return owner === 'free' || !isProcessAlive(owner);
}

async function renamed(from: string, to: string): Promise<boolean> {
  return rename(from, to).then(
    () => true,
    (error) => {
      if (isMissing(error)) return false;
      throw error;
    },
  );
}
