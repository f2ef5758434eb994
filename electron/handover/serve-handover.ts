import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { HostContext } from '../api/host-context.ts';
import { isProcessAlive, processIdentity } from '../platform/process-identity.ts';
import { ELSEWHERE, hostsFolder } from './meeting-place.ts';
import { TerminalConnection } from './terminal-connection.ts';

/** The shortest limit of any system is 104 bytes with a zero at the end. */
const LONGEST_SOCKET_PATH = 100;
/** So long a host that closes waits for terminals to read how their builds ended. */
const FAREWELL_MS = 1_000;
const SHORT_FOLDER = 'strata-host-';

/** A host's readiness to build for terminals. */
export interface Handover {
  /** Takes no more builds, cancels those it does, tells their terminals, and leaves no trace. */
  close(): Promise<void>;
}

/**
 * Lets terminals of this user hand builds on the same data folder to this host. Where no socket can be made this is
 * reported, and terminals build by themselves.
 */
export async function serveHandover(
  context: HostContext,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Handover> {
  // Loaded here and not at the first build: that one is to be fast as well.
  const { takeOver } = await import('./take-over.ts');
  let isClosing = false;
  const host = { env: { ...env }, isClosing: () => isClosing };
  const terminals = new Map<TerminalConnection, Promise<void>>();
  const server = createServer((socket) => {
    const terminal = new TerminalConnection(socket);
    const served = takeOver(context, host, terminal)
      .catch(context.report)
      .finally(() => terminals.delete(terminal));
    terminals.set(terminal, served);
  });
  server.on('error', context.report);
  const remove = await announce(server, context.home).catch((error: unknown) => {
    context.report(error);
    return null;
  });
  context.terminals.isMet = remove !== null;
  return {
    close: async () => {
      isClosing = true;
      server.close();
      await remove?.();
      for (const terminal of terminals.keys()) terminal.cancel();
      // A terminal that was stopped (Ctrl-Z) reads nothing, also not that this is the end.
      const letGo = setTimeout(() => {
        for (const terminal of terminals.keys()) terminal.close();
      }, FAREWELL_MS);
      await Promise.all(terminals.values());
      clearTimeout(letGo);
    },
  };
}

/** Listens where terminals look; the answer takes everything away again. */
async function announce(server: Server, home: string): Promise<() => Promise<void>> {
  const folder = hostsFolder(home);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  await removeDead(folder);
  const path = join(folder, `${processIdentity()}.${randomBytes(3).toString('hex')}`);
  if (process.platform !== 'win32' && Buffer.byteLength(path) <= LONGEST_SOCKET_PATH) {
    const isListening = await listen(server, path).then(
      () => true,
      () => false,
    );
    if (isListening) return () => rm(path, { force: true });
  }
  return announceElsewhere(server, path + ELSEWHERE);
}

/** Where the path is too long or the file system knows no sockets: in a folder of our own for short-lived files. */
async function announceElsewhere(server: Server, sign: string): Promise<() => Promise<void>> {
  if (process.platform === 'win32') {
    const pipe = `\\\\.\\pipe\\strata-${randomBytes(16).toString('hex')}`;
    await listen(server, pipe);
    await writeFile(sign, pipe, { mode: 0o600 });
    return () => rm(sign, { force: true });
  }
  const folder = await mkdtemp(join(tmpdir(), SHORT_FOLDER));
  const remove = async () => {
    await rm(sign, { force: true });
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await listen(server, join(folder, 'socket'));
    await writeFile(sign, join(folder, 'socket'), { mode: 0o600 });
    return remove;
  } catch (error) {
    await remove();
    throw error;
  }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      if (process.platform === 'win32') resolve();
      else chmod(path, 0o600).then(resolve, reject);
    });
  });
}

/** Removes what hosts that were killed left. */
async function removeDead(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (isProcessAlive(name.split('.')[0] ?? '')) continue;
    const path = join(folder, name);
    if (name.endsWith(ELSEWHERE)) await removeShortFolder(await readFile(path, 'utf8').catch(() => ''));
    await rm(path, { force: true });
  }
}

async function removeShortFolder(address: string): Promise<void> {
  const folder = dirname(address);
  if (!/[\\/]strata-host-[^\\/]+[\\/]socket$/.test(address)) return;
  const stat = await lstat(folder).catch(() => null);
  if (stat?.isDirectory() && stat.uid === process.getuid?.())
    await rm(folder, { recursive: true, force: true });
}
