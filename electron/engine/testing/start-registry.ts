import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findProgram, run, startProcess, waitUntil } from './processes.ts';

/** A registry of a test's own on a loopback port. */
export interface TestRegistry {
  /** `127.0.0.1:PORT`, as references name it. */
  readonly host: string;
  readonly port: number;
  readonly url: string;
  readonly folder: string;
  remove(): Promise<void>;
}

/** The registry program (Debian's docker-registry), null where it is not installed. */
export function findRegistry(): Promise<string | null> {
  return findProgram('/usr/bin/docker-registry', '/usr/local/bin/docker-registry');
}

/** Starts a registry over a temporary folder; with `account` it wants Basic authentication. */
export async function startRegistry(
  options: {
    account?: { username: string; password: string } | undefined;
    /** Allow manifests and blobs to be deleted. */
    deletes?: boolean | undefined;
  } = {},
): Promise<TestRegistry> {
  const program = await findRegistry();
  if (program === null) throw new Error('docker-registry is not installed.');
  const folder = await mkdtemp(path.join(tmpdir(), 'strata-registry-'));
  const lines = [
    'version: 0.1',
    'log: { level: info }',
    `storage: { filesystem: { rootdirectory: ${path.join(folder, 'data')} }, delete: { enabled: ${options.deletes ?? true} } }`,
    // It takes a free port by itself, so that no other process can take it meanwhile.
    'http: { addr: 127.0.0.1:0 }',
  ];
  if (options.account !== undefined) {
    const { username, password } = options.account;
    const htpasswd = path.join(folder, 'htpasswd');
    await writeFile(htpasswd, await run('htpasswd', ['-nbB', username, password]));
    lines.push(`auth: { htpasswd: { realm: strata, path: ${htpasswd} } }`);
  }
  const config = path.join(folder, 'config.yml');
  await writeFile(config, `${lines.join('\n')}\n`);
  const logFile = path.join(folder, 'registry.log');
  const started = await startProcess(program, ['serve', config], { logFile });
  const remove = async () => {
    await started.stop();
    await rm(folder, { recursive: true, force: true });
  };
  let port = 0;
  const isUp = async () => {
    const [, told] = /listening on 127\.0\.0\.1:(\d+)\D/.exec(await readFile(logFile, 'utf8')) ?? [];
    port = Number(told ?? 0);
    return port !== 0;
  };
  try {
    await waitUntil('docker-registry', isUp, { timeoutMs: 30_000, logFile });
  } catch (error) {
    await remove();
    throw error;
  }
  const host = `127.0.0.1:${port}`;
  return { host, port, url: `http://${host}`, folder, remove };
}
