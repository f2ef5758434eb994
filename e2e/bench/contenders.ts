import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '#electron/engine/testing/processes.ts';
import { startDockerd } from '#electron/engine/testing/start-dockerd.ts';
import { COMMAND } from '../fixtures/paths.ts';
import { DOCKER, has, NO_DOCKER } from '../fixtures/tools.ts';
import type { Command } from './measure.ts';

/** Something that builds and moves images; each command is a whole process from its start to its end. */
export interface Contender {
  readonly name: string;
  readonly version: string;
  /** Processes that do the work for its commands. */
  readonly daemons: readonly number[];
  /** Forgets all that earlier work left, but has the base image. */
  reset(): Promise<void>;
  build(folder: string, name: string): Command;
  push(name: string): Command;
  pull(name: string): Command;
  /** Forgets one image and what only it needs. */
  forget(name: string): Promise<void>;
  /** Ends and removes all it made. */
  remove(): Promise<void>;
}

/** The name that the contenders build under. */
export const IMAGE = 'bench:latest';

/** Every contender that is here: Strata first. `base` is the image that each has beforehand. */
export async function findContenders(folder: string, base: string): Promise<Contender[]> {
  const found = [await strata(folder, base)];
  if (NO_DOCKER === null) found.push(await buildkit(base));
  if (process.getuid?.() === 0 && has('buildah')) found.push(await buildah(folder, base));
  return found;
}

/** Where the contender Strata keeps its data below the bench's folder, and its environment. */
export function strataBox(folder: string, name = 'strata'): { folder: string; env: NodeJS.ProcessEnv } {
  const env = { PATH: process.env.PATH, HOME: folder, STRATA_HOME: join(folder, name), LANG: 'C.UTF-8' };
  return { folder, env };
}

/** A command of Strata in such an environment. */
export function strataCommand({ env }: { env: NodeJS.ProcessEnv }, ...args: readonly string[]): Command {
  return { program: process.execPath, args: [COMMAND, ...args], env };
}

/** Runs a command that is not measured. */
export function runCommand({ program, args, env }: Command): Promise<string> {
  return run(program, args, { env });
}

async function strata(folder: string, base: string): Promise<Contender> {
  const box = strataBox(folder);
  const home = box.env.STRATA_HOME ?? '';
  const strata = (...args: string[]) => strataCommand(box, ...args);
  return {
    name: 'strata',
    version: (await runCommand(strata('--version'))).trim(),
    daemons: [],
    reset: async () => {
      await rm(home, { recursive: true, force: true });
      await runCommand(strata('pull', base));
    },
    build: (project, name) => strata('build', project, '-t', name),
    push: (name) => strata('push', name),
    pull: (name) => strata('pull', name),
    forget: async () => rm(home, { recursive: true, force: true }),
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
  const docker = (...args: string[]): Command => ({ program: DOCKER, args, env });
  const forget = async (name: string) => {
    await runCommand(docker('image', 'rm', '--force', name)).catch(() => '');
  };
  await runCommand(docker('pull', '--quiet', base));
  return {
    name: 'docker',
    version: (await runCommand(docker('version', '--format', '{{.Server.Version}}'))).trim(),
    daemons: [Number(await readFile(join(engine.folder, 'dockerd.pid'), 'utf8'))],
    reset: async () => {
      await forget(IMAGE);
      await runCommand(docker('builder', 'prune', '--all', '--force'));
    },
    build: (project, name) => docker('build', '--quiet', '--tag', name, project),
    push: (name) => docker('push', '--quiet', name),
    pull: (name) => docker('pull', '--quiet', name),
    forget,
    remove: () => engine.remove(),
  };
}

async function buildah(folder: string, base: string): Promise<Contender> {
  const storage = join(folder, 'buildah');
  await mkdir(storage, { recursive: true });
  const env = { ...process.env, BUILDAH_ISOLATION: 'chroot' };
  const where = ['--root', join(storage, 'root'), '--runroot', join(storage, 'run')];
  const buildah = (command: string, ...args: string[]): Command => ({
    program: 'buildah',
    args: [...where, command, ...args],
    env,
  });
  const forgetAll = () => runCommand(buildah('rmi', '--all', '--force')).catch(() => '');
  const version = await run('buildah', ['--version'], { env });
  return {
    name: 'buildah',
    version: /\d+\.\d+\.\d+/.exec(version)?.[0] ?? version.trim(),
    daemons: [],
    reset: async () => {
      await forgetAll();
      await runCommand(buildah('pull', '--quiet', '--tls-verify=false', base));
    },
    build: (project, name) => buildah('bud', '--quiet', '--layers', '--pull-never', '--tag', name, project),
    push: (name) => buildah('push', '--quiet', '--tls-verify=false', name),
    pull: (name) => buildah('pull', '--quiet', '--tls-verify=false', name),
    forget: async (name) => {
      await runCommand(buildah('rmi', '--force', name)).catch(() => '');
    },
    remove: async () => {
      await forgetAll();
      await run('umount', [join(storage, 'root', 'overlay')], { env }).catch(() => '');
      await rm(storage, { recursive: true, force: true });
    },
  };
}
