import { posix } from 'node:path';
import type { SourceRange } from '#shared/errors/app-error.ts';
import type { RunMount } from '../dockerfile/run-mount.ts';
import { sourceError } from '../dockerfile/source-error.ts';
import { findPath } from '../sources/match-sources.ts';
import type { PlacedMount } from './run-mounts.ts';
import { chainOf, type StageState } from './stage-state.ts';
import type { StepContext } from './step-context.ts';
import type { MountSource, StepMount } from './step-mount.ts';

/** The step a mount belongs to. */
export interface MountPlace {
  readonly range: SourceRange;
  readonly state: StageState;
  readonly context: StepContext;
}

interface OpenedMount {
  /** Null where nothing is mounted: a secret that is only a variable, or one that was not given. */
  readonly mount: StepMount | null;
  readonly env: readonly string[];
}

/** Finds what a mount needs to be made. Throws `dockerfile-invalid` for what is required and was not given. */
export async function openMount(
  { mount, target, source }: PlacedMount,
  place: MountPlace,
): Promise<OpenedMount> {
  switch (mount.type) {
    case 'bind':
      return only(source === null ? null : { type: 'bind', target, source, readonly: mount.readonly });
    case 'tmpfs':
      return only({ type: 'tmpfs', target, size: mount.size });
    case 'cache':
      return only(await openCache(mount, target, place));
    case 'secret':
      return openSecret(mount, target, place);
    case 'ssh':
      return openSsh(mount, target, place);
  }
}

const only = (mount: StepMount | null): OpenedMount => ({ mount, env: [] });

/** What is seeded from elsewhere, or has another owner, is another cache, as in BuildKit. */
async function openCache(
  mount: Extract<RunMount, { type: 'cache' }>,
  target: string,
  { state, context }: MountPlace,
): Promise<StepMount> {
  const name = mount.id ?? posix.normalize(mount.target);
  const seed = mount.from === null ? null : await findSeed(mount.from, mount.source, state, context);
  const attributes = { mode: mount.mode ?? 0o755, uid: mount.uid ?? 0, gid: mount.gid ?? 0 };
  const key = JSON.stringify([
    context.buildArgs.get('BUILDKIT_CACHE_MOUNT_NS') ?? '',
    name,
    seed === null ? null : [chainOf(seed.tree.layers ?? []), seed.path],
    seed === null ? Object.values(attributes) : null,
  ]);
  const { sharing } = mount;
  return { type: 'cache', target, name, key, sharing, seed, readonly: mount.readonly, ...attributes };
}

async function findSeed(
  from: string,
  path: string,
  state: StageState,
  context: StepContext,
): Promise<MountSource | null> {
  const tree = await context.source(from, state);
  return 'unknown' in tree ? null : { tree, path: findPath(tree, path) };
}

async function openSecret(
  mount: Extract<RunMount, { type: 'secret' }>,
  target: string,
  place: MountPlace,
): Promise<OpenedMount> {
  const content = await place.context.secrets.read(mount.id);
  if (content === null) {
    if (mount.required) throw missing(place, `The secret "${mount.id}"`, `--secret id=${mount.id},src=FILE`);
    return only(null);
  }
  const attributes = { mode: mount.mode ?? 0o400, uid: mount.uid ?? 0, gid: mount.gid ?? 0 };
  return {
    mount: target === '' ? null : { type: 'secret', target, content, ...attributes },
    env: mount.env === null ? [] : [`${mount.env}=${Buffer.from(content).toString('utf8')}`],
  };
}

async function openSsh(
  mount: Extract<RunMount, { type: 'ssh' }>,
  target: string,
  place: MountPlace,
): Promise<OpenedMount> {
  const socket = await place.context.agents.socket(mount.id);
  if (socket === null) {
    if (mount.required) throw missing(place, `The ssh agent "${mount.id}"`, `--ssh ${mount.id}`);
    return only(null);
  }
  const attributes = { mode: mount.mode ?? 0o600, uid: mount.uid ?? 0, gid: mount.gid ?? 0 };
  return { mount: { type: 'ssh', target, socket, ...attributes }, env: [`SSH_AUTH_SOCK=${target}`] };
}

function missing({ range, context }: MountPlace, what: string, flag: string): Error {
  return sourceError(
    { path: context.dockerfile.path, range },
    `${what} is required by this step, but the build was not given one.`,
    `Give it with ${flag}, or in the build options of the project.`,
  );
}
