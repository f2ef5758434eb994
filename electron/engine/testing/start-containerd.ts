import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findProgram, killProcessesOf, run, startProcess, waitUntil } from './processes.ts';
import { unmountBelow } from './start-dockerd.ts';

/** A containerd of a test's own: its socket, state and content belong to nobody else. */
export interface TestContainerd {
  readonly folder: string;
  /** Runs `ctr` on it and gives what that printed; throws with that when it fails. */
  ctr(...args: readonly string[]): Promise<string>;
  /** Ends it and removes all it made. */
  remove(): Promise<void>;
}

/** The program, null where it or `ctr` is not installed or may not be started (only root may). */
export async function findContainerd(): Promise<string | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  return (await findCtr()) === null ? null : findProgram('/usr/bin/containerd', '/usr/local/bin/containerd');
}

const findCtr = () => findProgram('/usr/bin/ctr', '/usr/local/bin/ctr');

/** Starts containerd in a temporary folder, without what only Kubernetes needs of it. */
export async function startContainerd(): Promise<TestContainerd> {
  const [program, client] = await Promise.all([findContainerd(), findCtr()]);
  if (program === null || client === null)
    throw new Error('containerd is not installed, or this is not root.');
  const folder = await mkdtemp(path.join(tmpdir(), 'strata-containerd-'));
  const socket = path.join(folder, 'c.sock');
  const logFile = path.join(folder, 'containerd.log');
  const config = path.join(folder, 'config.toml');
  await writeFile(
    config,
    [
      'version = 2',
      `root = "${path.join(folder, 'root')}"`,
      `state = "${path.join(folder, 'state')}"`,
      // The second one would make a folder in /opt.
      'disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]',
      `[grpc]\naddress = "${socket}"`,
    ].join('\n'),
  );
  const started = await startProcess(program, ['--config', config], { logFile });
  const ctr = (...args: readonly string[]) => run(client, ['--address', socket, ...args]);
  const answers = () =>
    ctr('version').then(
      () => true,
      () => false,
    );
  const remove = async () => {
    await started.stop();
    await killProcessesOf(folder);
    await unmountBelow(folder);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await waitUntil('containerd', answers, { timeoutMs: 60_000, logFile });
  } catch (error) {
    await remove();
    throw error;
  }
  return { folder, ctr, remove };
}
