import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { isMissing, writeError } from '../platform/file-errors.ts';
import { namesIn, oldestLease } from './leases.ts';
import type { StorePaths } from './store-paths.ts';

/** The kernel stamps files with a clock that may lag the one we read by a tick. */
const CLOCK_SLACK_MS = 50;

export interface Garbage {
  readonly path: string;
  readonly bytes: number;
  readonly mtimeMs: number;
}

/**
 * Before this moment (ms since the epoch) nothing that a live process touched is older: what is younger stays.
 * Take it *before* reading what is referenced.
 */
export async function collectionCutoff(paths: StorePaths): Promise<number> {
  const now = Date.now();
  const lease = await oldestLease(paths);
  return Math.min(now, lease ?? now) - CLOCK_SLACK_MS;
}

/** The files in a folder that `keep` does not want and that are older than the cutoff. */
export async function findGarbage(
  folder: string,
  keep: (name: string) => boolean,
  cutoff: number,
): Promise<Garbage[]> {
  const garbage: Garbage[] = [];
  for (const name of await namesIn(folder)) {
    if (keep(name)) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && found.mtimeMs < cutoff)
      garbage.push({ path, bytes: found.size, mtimeMs: found.mtimeMs });
  }
  return garbage;
}

/**
 * Removes one file, unless another process touched it meanwhile: it is moved aside first, and moved back when
 * its time turns out to be new. Who touches a file and then finds it gone treats it as never having been there.
 */
export async function removeGarbage(paths: StorePaths, garbage: Garbage, cutoff: number): Promise<boolean> {
  const aside = join(paths.trash(), relative(paths.home, garbage.path));
  try {
    await mkdir(dirname(aside), { recursive: true });
    await rename(garbage.path, aside);
    if ((await stat(aside)).mtimeMs >= cutoff) {
      await rename(aside, garbage.path);
      return false;
    }
    await rm(aside, { recursive: true, force: true });
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw writeError(error, garbage.path);
  }
}

/**
 * Puts back what a killed clean-up had moved aside: it was garbage, or somebody had just touched it, and only
 * the next clean-up can tell.
 */
export async function restoreTrash(paths: StorePaths): Promise<void> {
  const entries = await readdir(paths.trash(), { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const aside = join(entry.parentPath, entry.name);
    await rename(aside, join(paths.home, relative(paths.trash(), aside))).catch(() => undefined);
  }
}

/** Bytes and number of the files below a folder; nothing when it does not exist. */
export async function folderSize(folder: string): Promise<{ bytes: number; count: number }> {
  let bytes = 0;
  let count = 0;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const found = await stat(join(entry.parentPath, entry.name)).catch(() => null);
    if (found === null) continue;
    bytes += found.size;
    count += 1;
  }
  return { bytes, count };
}
