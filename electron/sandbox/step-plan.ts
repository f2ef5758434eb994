import { stat } from 'node:fs/promises';
import { AppError } from '#shared/errors/app-error.ts';
import { isMissing } from '../platform/file-errors.ts';
import { findMountTarget } from './mount-targets.ts';
import type { Stub } from './scratch.ts';
import type { StackMount } from './stack-mounts.ts';
import type { BindMount, MountPlan, TmpfsMount } from './step-mounts.ts';
import type { StepRequest } from './step-request.ts';

/** The mounts of a step with their places in the image. */
export interface StepPlan {
  readonly stubs: readonly Stub[];
  readonly targets: MountPlan['targets'];
  readonly binds: readonly BindMount[];
  readonly stacks: readonly StackMount[];
  readonly tmpfs: readonly TmpfsMount[];
  readonly secrets: readonly string[];
  readonly cwd: string;
}

/** Finds the place of every mount in the image. Throws `invalid-input`, `not-found` for a source that is missing. */
export async function planStepMounts(request: StepRequest): Promise<StepPlan> {
  const stubs: Stub[] = [];
  const place = (path: string, kind: Stub['kind']): string => {
    const target = findMountTarget(request.tree, path, kind);
    if (target.path === '' || target.path.includes('\n'))
      throw new AppError('invalid-input', `Nothing can be mounted at ${JSON.stringify(path)} of the image.`);
    stubs.push({ ...target, kind });
    return target.path;
  };
  const targets = {
    proc: place('/proc', 'folder'),
    sys: place('/sys', 'folder'),
    dev: place('/dev', 'folder'),
    resolvConf: place('/etc/resolv.conf', 'file'),
    hosts: place('/etc/hosts', 'file'),
  };
  const tmpfs = (request.tmpfs ?? []).map((mount) => ({ ...mount, target: place(mount.target, 'folder') }));
  const kinds = await Promise.all((request.binds ?? []).map(({ source }) => kindOf(source)));
  const binds = (request.binds ?? []).map((bind, i) => ({
    ...bind,
    target: place(bind.target, kinds[i] ?? 'folder'),
  }));
  const stacks = (request.stacks ?? []).map((stack) => ({
    ...stack,
    target: place(stack.target, stack.kind),
  }));
  const secrets = (request.secrets ?? []).map(({ target }) => place(target, 'file'));
  const cwd = findMountTarget(request.tree, request.cwd, 'folder');
  return {
    stubs: [...stubs, { ...cwd, kind: 'folder' }],
    targets,
    tmpfs,
    binds,
    stacks,
    secrets,
    cwd: cwd.path,
  };
}

async function kindOf(source: string): Promise<Stub['kind']> {
  try {
    return (await stat(source)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new AppError('not-found', `${source} is to be mounted, but does not exist.`, { cause: error });
  }
}
