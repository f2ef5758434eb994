import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { answers } from './answers.ts';
import { findProgram, killProcessesOf, type StartedProcess, startProcess, waitUntil } from './processes.ts';
import { unmountBelow } from './start-dockerd.ts';

/** A Podman service of a test's own, with its own storage. */
export interface TestPodman {
  readonly folder: string;
  readonly socketPath: string;
  /** `unix://…`, as CONTAINER_HOST has it. */
  readonly host: string;
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** The podman program, null where it is not installed or cannot be used for a test (root on Linux only). */
export async function findPodman(): Promise<string | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  return findProgram('/usr/bin/podman', '/usr/local/bin/podman');
}

/** Starts `podman system service` over storage in a temporary folder. */
export async function startPodman(
  options: { insecureRegistries?: readonly string[] | undefined } = {},
): Promise<TestPodman> {
  const program = await findPodman();
  if (program === null) throw new Error('podman is not installed, or this is not root.');
  const folder = await mkdtemp(path.join(tmpdir(), 'strata-podman-'));
  const socketPath = path.join(folder, 'podman.sock');
  const env = await writeConfiguration(folder, options.insecureRegistries ?? []);
  let process: StartedProcess | null = null;

  const start = async () => {
    const logFile = path.join(folder, 'podman.log');
    const args = ['system', 'service', '--time=0', `unix://${socketPath}`];
    process = await startProcess(program, args, { logFile, env });
    await waitUntil('podman', () => answers(socketPath, '/_ping'), { timeoutMs: 60_000, logFile });
  };
  const stop = async () => {
    await process?.stop();
    process = null;
  };
  const remove = async () => {
    await stop();
    await killProcessesOf(folder);
    await unmountBelow(folder);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await start();
  } catch (error) {
    await remove();
    throw error;
  }
  return { folder, socketPath, host: `unix://${socketPath}`, start, stop, remove };
}

/** Settings that let Podman work inside a container or sandbox too: small limits, no systemd, runc where it is. */
async function writeConfiguration(
  folder: string,
  insecureRegistries: readonly string[],
): Promise<NodeJS.ProcessEnv> {
  const runtime = (await findProgram('/usr/sbin/runc', '/usr/bin/runc')) === null ? 'crun' : 'runc';
  const containersConf = [
    '[containers]',
    'default_ulimits = ["nofile=1024:1024","nproc=1024:1024"]',
    '[engine]',
    `runtime = "${runtime}"`,
    'cgroup_manager = "cgroupfs"',
    'events_logger = "file"',
  ];
  const storageConf = [
    '[storage]',
    'driver = "overlay"',
    `runroot = "${path.join(folder, 'run')}"`,
    `graphroot = "${path.join(folder, 'storage')}"`,
  ];
  const registriesConf = [
    'unqualified-search-registries = ["docker.io"]',
    ...insecureRegistries.map((host) => `[[registry]]\nlocation = "${host}"\ninsecure = true`),
  ];
  const files = {
    CONTAINERS_CONF: ['containers.conf', containersConf],
    CONTAINERS_STORAGE_CONF: ['storage.conf', storageConf],
    CONTAINERS_REGISTRIES_CONF: ['registries.conf', registriesConf],
  } as const;
  await mkdir(path.join(folder, 'run'), { recursive: true });
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const [variable, [name, lines]] of Object.entries(files)) {
    await writeFile(path.join(folder, name), `${lines.join('\n')}\n`);
    env[variable] = path.join(folder, name);
  }
  return env;
}
