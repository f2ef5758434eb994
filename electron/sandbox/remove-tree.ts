import { lstat, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isMissing } from '../platform/file-errors.ts';
import { findSandbox } from './probe.ts';
import type { SandboxHost } from './sandbox-host.ts';
import { runTool } from './tool-process.ts';

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

/** The same for a folder that is there, with a sandbox that is known. */
export async function removeWithTool(host: SandboxHost, path: string, signal?: AbortSignal): Promise<void> {
  await runTool(host, {
    purpose: `${path} could not be removed`,
    argv: [host.tools.rm, '-rf', '--one-file-system', '--', path],
    cwd: dirname(path),
    signal: signal ?? new AbortController().signal,
  });
}
