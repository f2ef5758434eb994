import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { answers, ask } from './answers.ts';
import {
  findProgram,
  killProcessesOf,
  run,
  type StartedProcess,
  startProcess,
  waitUntil,
} from './processes.ts';

/** A Docker engine of a test's own: its socket, data and network belong to nobody else. */
export interface TestDockerd {
  readonly folder: string;
  readonly socketPath: string;
  /** `unix://…`, as DOCKER_HOST has it. */
  readonly host: string;
  /** Ends the engine as a crash or an upgrade does; its images stay for `start`. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Ends it and removes all it made. */
  remove(): Promise<void>;
}

/** The engine's program, null where it is not installed or may not be started (only root may). */
export async function findDockerd(): Promise<string | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  return findProgram('/usr/sbin/dockerd', '/usr/bin/dockerd', '/usr/local/bin/dockerd');
}

/**
 * Starts a Docker engine in a temporary folder. `network` gives its containers a bridge, which RUN steps and
 * `docker run` need by default; without it the engine starts without touching the machine's network.
 */
export async function startDockerd(
  options: { network?: boolean | undefined; insecureRegistries?: readonly string[] | undefined } = {},
): Promise<TestDockerd> {
  const program = await findDockerd();
  if (program === null) throw new Error('dockerd is not installed, or this is not root.');
  const folder = await mkdtemp(path.join(tmpdir(), 'strata-dockerd-'));
  const socketPath = path.join(folder, 'docker.sock');
  const bridge = options.network ? await createBridge() : null;
  const args = [
    ['--host', `unix://${socketPath}`],
    ['--data-root', path.join(folder, 'data')],
    ['--exec-root', path.join(folder, 'exec')],
    ['--pidfile', path.join(folder, 'dockerd.pid')],
    ['--iptables=false', `--bridge=${bridge?.name ?? 'none'}`],
    (options.insecureRegistries ?? []).map((host) => `--insecure-registry=${host}`),
  ].flat();
  let process: StartedProcess | null = null;

  const start = async () => {
    const logFile = path.join(folder, 'dockerd.log');
    process = await startProcess(program, args, { logFile });
    await waitUntil('dockerd', () => answers(socketPath, '/_ping'), { timeoutMs: 60_000, logFile });
  };
  const stop = async () => {
    // A container that does not heed its signal would keep the engine for ten seconds.
    if (process !== null) await killContainers(socketPath);
    await process?.stop();
    process = null;
  };
  const remove = async () => {
    await stop();
    await killProcessesOf(folder);
    await unmountBelow(folder);
    await rm(folder, { recursive: true, force: true });
    await bridge?.remove();
  };
  try {
    await start();
  } catch (error) {
    await remove();
    throw error;
  }
  return { folder, socketPath, host: `unix://${socketPath}`, start, stop, remove };
}

/** Kills the containers that run: an engine that stops would wait for each, and leaves their helpers when it is killed. */
async function killContainers(socketPath: string): Promise<void> {
  const answer = await ask(socketPath, 'GET', '/containers/json').catch(() => '[]');
  const running: unknown = JSON.parse(answer);
  if (!Array.isArray(running)) return;
  for (const { Id } of running as { Id: string }[]) {
    await ask(socketPath, 'POST', `/containers/${Id}/kill`);
  }
}

/** A bridge of its own: the name by process and count, the addresses out of a range for private use. */
async function createBridge(): Promise<{ name: string; remove(): Promise<void> }> {
  const taken = new Set(await readdir('/sys/class/net'));
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const number = (process.pid * 7 + attempt) % 250;
    const name = `strata${number}`;
    if (taken.has(name)) continue;
    try {
      await run('ip', ['link', 'add', 'name', name, 'type', 'bridge']);
    } catch {
      continue;
    }
    await run('ip', ['addr', 'add', `172.30.${number}.1/24`, 'dev', name]);
    await run('ip', ['link', 'set', name, 'up']);
    const remove = async () => {
      await run('ip', ['link', 'del', name]);
    };
    return { name, remove };
  }
  throw new Error('No free bridge was found.');
}

/** Unmounts what an engine left below `folder`, deepest first. */
export async function unmountBelow(folder: string): Promise<void> {
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8'))
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((mountPoint) => mountPoint.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length);
  for (const mountPoint of mounts) await run('umount', ['-l', mountPoint]).catch(() => '');
}
