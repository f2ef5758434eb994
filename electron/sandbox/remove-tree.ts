import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isMissing } from '../platform/file-errors.ts';
import { requireSandbox } from './probe.ts';
import { runTool } from './tool-process.ts';

/**
 * Removes a folder with files of an image, whoever owns them; nothing when it is not there. A normal user's go
 * from inside the user namespace, since their owners are not the user. Throws `sandbox-unavailable`, `internal`.
 */
export async function removeTree(path: string, signal?: AbortSignal): Promise<void> {
  try {
    await lstat(path);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  const host = await requireSandbox();
  await runTool(host, {
    purpose: `${path} could not be removed`,
    argv: [host.tools.rm, '-rf', '--one-file-system', '--', path],
    cwd: dirname(path),
    signal: signal ?? new AbortController().signal,
  });
}
