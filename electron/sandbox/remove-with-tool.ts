import { dirname } from 'node:path';
import type { SandboxHost } from './sandbox-host.ts';
import { runTool } from './tool-process.ts';

/** Removes a folder that is there, whoever owns what is in it. Throws `internal`. */
export async function removeWithTool(host: SandboxHost, path: string, signal?: AbortSignal): Promise<void> {
  await runTool(host, {
    purpose: `${path} could not be removed`,
    argv: [host.tools.rm, '-rf', '--one-file-system', '--', path],
    cwd: dirname(path),
    signal: signal ?? new AbortController().signal,
  });
}
