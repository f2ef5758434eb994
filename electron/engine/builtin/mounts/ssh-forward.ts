import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { giveFile } from './give-file.ts';

/** A socket that leads to an agent, for one step. */
export interface ForwardedSocket {
  readonly path: string;
  /** Ends all its connections and removes it. */
  close(): Promise<void>;
}

/**
 * Opens a socket whose connections are passed on to the one at `agent`. Its owner may be set, which the agent's own
 * cannot.
 */
export async function forwardSocket(
  agent: string,
  { mode, uid, gid }: { readonly mode: number; readonly uid: number; readonly gid: number },
  signal: AbortSignal,
): Promise<ForwardedSocket> {
  // Not below the data folder: the path of a socket has 107 bytes at most.
  const folder = await mkdtemp(join(tmpdir(), 'strata-ssh-'));
  const path = join(folder, 'agent.sock');
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ path: agent, allowHalfOpen: true });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.once('close', () => open.delete(from));
      from.on('error', () => to.destroy());
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  const close = async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await chmod(path, mode);
    await giveFile(path, { uid, gid }, `The agent's socket could not be given to ${uid}:${gid}`, signal);
    return { path, close };
  } catch (error) {
    await close();
    throw error;
  }
}
