import { chown } from 'node:fs/promises';
import { requireSandbox } from '../../../sandbox/probe.ts';
import { runTool } from '../../../sandbox/tool-process.ts';

/**
 * Gives a file to an owner as steps see it. A normal user can give nothing away, so it is done in the user namespace,
 * by the id that stands for the owner there. Throws `sandbox-unavailable`, or `internal` for an id beyond the range.
 */
export async function giveFile(
  path: string,
  { uid, gid }: { readonly uid: number; readonly gid: number },
  purpose: string,
  signal: AbortSignal,
): Promise<void> {
  if (process.getuid?.() === 0) return chown(path, uid, gid);
  if (uid === 0 && gid === 0) return;
  const host = await requireSandbox();
  await runTool(host, {
    purpose,
    argv: [host.tools.chown ?? 'chown', `${uid}:${gid}`, path],
    cwd: '/',
    signal,
  });
}
