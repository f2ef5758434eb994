import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether `docker-registry` (Debian's package of that name) can be run here. */
export const HAS_REGISTRY = spawnSync('docker-registry', ['--version']).status === 0;

export interface RealRegistryOptions {
  readonly tls?: { readonly certificate: string; readonly key: string; readonly clientAuthority?: string };
  readonly htpasswd?: string;
  readonly token?: {
    readonly realm: string;
    readonly service: string;
    readonly issuer: string;
    readonly certificates: string;
  };
  /** Reuse the port and the folder of an earlier one: a registry that comes back. */
  readonly again?: RealRegistry;
}

/** A registry process over a temporary folder. */
export interface RealRegistry {
  /** `127.0.0.1:port`. */
  readonly host: string;
  readonly folder: string;
  /** Ends the process at once; its folder stays for another. */
  kill(): Promise<void>;
  /** Ends it and removes its folder. */
  close(): Promise<void>;
}

/** Starts a registry on a free port of 127.0.0.1 and waits until it listens. */
export async function startRealRegistry(options: RealRegistryOptions = {}): Promise<RealRegistry> {
  const folder = options.again?.folder ?? (await mkdtemp(join(tmpdir(), 'strata-registry-')));
  // Port 0: it takes a free one by itself, so that no other process can take it meanwhile.
  const wanted = options.again?.host.split(':')[1] ?? '0';
  const config = join(folder, 'config.json');
  // JSON is YAML, which is what the registry reads.
  await writeFile(config, JSON.stringify(configuration(folder, wanted, options)));
  const child = spawn('docker-registry', ['serve', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  const port = await listening(child);
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  };
  return {
    host: `127.0.0.1:${port}`,
    folder,
    kill,
    close: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configuration(folder: string, port: string, { tls, htpasswd, token }: RealRegistryOptions): object {
  return {
    version: 0.1,
    log: { level: 'info' },
    storage: { filesystem: { rootdirectory: join(folder, 'data') }, delete: { enabled: true } },
    http: {
      addr: `127.0.0.1:${port}`,
      secret: 'test',
      ...(tls === undefined
        ? {}
        : {
            tls: {
              certificate: tls.certificate,
              key: tls.key,
              ...(tls.clientAuthority === undefined ? {} : { clientcas: [tls.clientAuthority] }),
            },
          }),
    },
    ...(htpasswd === undefined ? {} : { auth: { htpasswd: { realm: 'test, "quoted"', path: htpasswd } } }),
    ...(token === undefined
      ? {}
      : {
          auth: {
            token: {
              realm: token.realm,
              service: token.service,
              issuer: token.issuer,
              rootcertbundle: token.certificates,
            },
          },
        }),
  };
}

/** The port that it says it listens on. */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let log = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      if (log.length < 20_000) log += chunk.toString();
      const [, port] = /listening on 127\.0\.0\.1:(\d+)\D/.exec(log) ?? [];
      if (port !== undefined) resolve(port);
    });
    child.once('exit', (code) => reject(new Error(`docker-registry ended with ${code}: ${log}`)));
    child.once('error', reject);
  });
}

/** A port of 127.0.0.1 that nobody listened on a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
