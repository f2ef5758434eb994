import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, isMissing } from '../platform/file-errors.ts';
import { findSandbox } from './probe.ts';
import { removeWithTool } from './remove-with-tool.ts';

/** Up to here it is quicker to remove entries ourselves than to start a program. */
const FEW = 30;

/**
 * Removes a folder with files of an image, whoever owns them; nothing when it is not there. A normal user's go
 * from inside the user namespace, since their owners are not the user. Throws `internal`.
 */
export async function removeTree(path: string, signal?: AbortSignal): Promise<void> {
  try {
    await lstat(path);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  if (await removeIfSmall(path)) return;
  const host = await findSandbox();
  // Without a sandbox nobody can have made files of other owners here.
  if (host === null) await rm(path, { recursive: true, force: true });
  else await removeWithTool(host, path, signal);
}

async function removeIfSmall(path: string): Promise<boolean> {
  try {
    if ((await countEntries(path, FEW)) > FEW) return false;
    await rm(path, { recursive: true, force: true });
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EACCES' || errnoOf(error) === 'EPERM') return false;
    throw error;
  }
}

/** How many entries there are below a path, counted no further than just beyond `limit`. */
async function countEntries(path: string, limit: number): Promise<number> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error) => {
    if (errnoOf(error) === 'ENOTDIR') return [];
    throw error;
  });
  let count = entries.length;
  for (const entry of entries) {
    if (count > limit) break;
    if (entry.isDirectory()) count += await countEntries(join(path, entry.name), limit - count);
  }
  return count;
}
