import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '#electron/engine/testing/processes.ts';
import { startDockerd } from '#electron/engine/testing/start-dockerd.ts';
import { CLI } from '../fixtures/paths.ts';
import { DOCKER, has, NO_DOCKER } from '../fixtures/tools.ts';

/** Something that builds images, as a whole process from its start to its end. */
export interface Contender {
  readonly name: string;
  readonly version: string;
  /** Forgets all that earlier builds left, but has the base image. */
  reset(): Promise<void>;
  /** Builds and gives the milliseconds that it took. */
  build(folder: string): Promise<number>;
  /** Ends and removes all it made. */
  remove(): Promise<void>;
}

/** Every contender that is here: Strata first. */
export async function findContenders(folder: string, base: string): Promise<Contender[]> {
  const found = [await strata(folder, base)];
  if (NO_DOCKER === null) found.push(await buildkit(base));
  if (process.getuid?.() === 0 && has('buildah')) found.push(await buildah(folder, base));
  return found;
}

async function strata(folder: string, base: string): Promise<Contender> {
  const home = join(folder, 'strata');
  const env = { PATH: process.env.PATH, HOME: folder, STRATA_HOME: home, LANG: 'C.UTF-8' };
  const version = await run(process.execPath, [CLI, '--version'], { env });
  const reset = async () => {
    await rm(home, { recursive: true, force: true });
    await run(process.execPath, [CLI, 'pull', base], { env });
  };
  return {
    name: 'strata',
    version: version.trim(),
    reset,
    build: (project) => timed(process.execPath, [CLI, 'build', project, '-t', 'bench:latest'], env),
    remove: async () => rm(home, { recursive: true, force: true }),
  };
}

async function buildkit(base: string): Promise<Contender> {
  const engine = await startDockerd({ network: true });
  const env = {
    ...process.env,
    DOCKER_HOST: engine.host,
    DOCKER_BUILDKIT: '1',
    DOCKER_CONFIG: engine.folder,
  };
  await run(DOCKER, ['pull', '--quiet', base], { env });
  const version = await run(DOCKER, ['version', '--format', '{{.Server.Version}}'], { env });
  return {
    name: 'docker build',
    version: version.trim(),
    reset: async () => {
      await run(DOCKER, ['image', 'rm', '--force', 'bench:latest'], { env }).catch(() => '');
      await run(DOCKER, ['builder', 'prune', '--all', '--force'], { env });
    },
    build: (project) => timed(DOCKER, ['build', '--quiet', '--tag', 'bench:latest', project], env),
    remove: () => engine.remove(),
  };
}

async function buildah(folder: string, base: string): Promise<Contender> {
  const storage = join(folder, 'buildah');
  await mkdir(storage, { recursive: true });
  const env = { ...process.env, BUILDAH_ISOLATION: 'chroot' };
  const where = ['--root', join(storage, 'root'), '--runroot', join(storage, 'run')];
  const pull = () => run('buildah', [...where, 'pull', '--quiet', '--tls-verify=false', base], { env });
  const version = await run('buildah', ['--version'], { env });
  return {
    name: 'buildah',
    version: /\d+\.\d+\.\d+/.exec(version)?.[0] ?? version.trim(),
    reset: async () => {
      await run('buildah', [...where, 'rmi', '--all', '--force'], { env }).catch(() => '');
      await pull();
    },
    build: (project) => {
      const args = ['bud', '--quiet', '--layers', '--pull-never', '--tag', 'bench:latest', project];
      return timed('buildah', [...where, ...args], env);
    },
    remove: async () => {
      await run('buildah', [...where, 'rmi', '--all', '--force'], { env }).catch(() => '');
      await run('umount', [join(storage, 'root', 'overlay')], { env }).catch(() => '');
      await rm(storage, { recursive: true, force: true });
    },
  };
}

/** Milliseconds of a whole process; throws with its output when it fails. */
function timed(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const begun = performance.now();
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(performance.now() - begun);
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code}:\n${output.slice(-4000)}`));
    });
  });
}
