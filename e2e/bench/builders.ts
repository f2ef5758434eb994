import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeBusyboxTar } from '#electron/engine/testing/busybox-base.ts';
import { findDockerd, startDockerd } from '#electron/engine/testing/start-dockerd.ts';
import { CLI } from '../fixtures/paths.ts';
import { has } from '../fixtures/tools.ts';
import { BASE } from './project.ts';

/** A program that builds images, ready to be timed. */
export interface BenchBuilder {
  readonly name: string;
  readonly version: string;
  /** Forgets all results but keeps the base image. */
  reset(): Promise<void>;
  /** One whole process that builds the folder. */
  build(folder: string): Promise<void>;
  close(): Promise<void>;
}

/** Runs a program to its end and gives what it printed; throws with its last words when it fails. */
export function run(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { all: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output.all += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output.all.trim());
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code}:\n${output.all.slice(-2000)}`));
    });
  });
}

/** Strata's command line; each reset begins with a copy of a data folder that holds the base alone. */
export async function strataBuilder(): Promise<BenchBuilder> {
  const folder = await mkdtemp(join(tmpdir(), 'strata-bench-'));
  const [fresh, home] = [join(folder, 'fresh'), join(folder, 'home')];
  const strata = (args: readonly string[], data: string) =>
    run(process.execPath, [CLI, ...args], { ...process.env, STRATA_HOME: data });
  const context = join(folder, 'base');
  await mkdir(context);
  await writeFile(join(context, 'root.tar'), await makeBusyboxTar());
  await writeFile(join(context, 'Dockerfile'), 'FROM scratch\nADD root.tar /\nCMD ["sh"]\n');
  await strata(['build', context, '-t', BASE], fresh);
  return {
    name: 'strata',
    version: await strata(['--version'], fresh),
    reset: async () => {
      await rm(home, { recursive: true, force: true });
      await cp(fresh, home, { recursive: true, preserveTimestamps: true });
    },
    build: async (project) => void (await strata(['build', project, '-t', 'bench:1'], home)),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** `docker build` with BuildKit on an engine of our own; null where there is none. */
export async function dockerBuilder(): Promise<BenchBuilder | null> {
  if ((await findDockerd()) === null || !has('docker')) return null;
  const engine = await startDockerd({ network: true });
  // Debian's client: one that stands before it on the PATH may lack BuildKit.
  const docker = (args: readonly string[]) =>
    run('/usr/bin/docker', args, { ...process.env, DOCKER_HOST: engine.host, DOCKER_BUILDKIT: '1' });
  const base = join(engine.folder, 'base.tar');
  await writeFile(base, await makeBusyboxTar());
  await docker(['import', base, BASE]);
  return {
    name: 'docker build',
    version: await docker(['version', '--format', '{{.Server.Version}}']),
    reset: async () => {
      await docker(['rmi', '-f', 'bench:1']).catch(() => undefined);
      await docker(['builder', 'prune', '-af']);
    },
    build: async (project) => void (await docker(['build', '-t', 'bench:1', project])),
    close: () => engine.remove(),
  };
}

/** `buildah bud --layers`; null where it is not installed. */
export async function buildahBuilder(): Promise<BenchBuilder | null> {
  if (!has('buildah')) return null;
  const folder = await mkdtemp(join(tmpdir(), 'strata-bench-buildah-'));
  const env = { ...process.env, BUILDAH_ISOLATION: 'chroot' };
  const storage = ['--root', join(folder, 'root'), '--runroot', join(folder, 'run')];
  const buildah = (args: readonly string[]) => run('buildah', [...storage, ...args], env);
  const base = join(folder, 'base.tar');
  await writeFile(base, await makeBusyboxTar());
  const container = await buildah(['from', 'scratch']);
  await buildah(['add', container, base, '/']);
  await buildah(['commit', '--rm', container, BASE]);
  return {
    name: 'buildah bud',
    version: (await run('buildah', ['--version'])).replace(/^buildah version (\S+).*$/s, '$1'),
    reset: async () => {
      const images = (await buildah(['images', '-a', '--format', '{{.ID}} {{.Name}}'])).split('\n');
      const built = images.filter((line) => line !== '' && !line.includes('strata-bench-base'));
      if (built.length > 0)
        await buildah(['rmi', '-f', ...new Set(built.map((line) => line.split(' ')[0] ?? ''))]);
    },
    build: async (project) => void (await buildah(['bud', '--layers', '-t', 'bench:1', project])),
    close: async () => {
      await buildah(['umount', '-a']).catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
