import { lstat, rm } from 'node:fs/promises';
import { isMissing } from '../platform/file-errors.ts';
import { findSandbox } from './probe.ts';
import { removeWithTool } from './remove-with-tool.ts';

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
  const host = await findSandbox();
  // Without a sandbox nobody can have made files of other owners here.
  if (host === null) await rm(path, { recursive: true, force: true });
  else await removeWithTool(host, path, signal);
}
