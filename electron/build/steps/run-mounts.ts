import { posix } from 'node:path';
import { cleanPath } from '../../image/stack-tree.ts';
import {
  type ListedSource,
  listingDigest,
  type SourceListing,
  type TellListing,
  tellListing,
} from '../cache/source-listing.ts';
import type { RunInstruction } from '../dockerfile/ast.ts';
import { type RunMount, resolveRunMount } from '../dockerfile/run-mount.ts';
import { findPath } from '../sources/match-sources.ts';
import { walkTree } from '../sources/source-tree.ts';
import { openMount } from './open-mount.ts';
import { chainOf, inWorkdir, type StageState } from './stage-state.ts';
import { expander, type StepContext } from './step-context.ts';
import type { MountSource, StepMount } from './step-mount.ts';

/** A mount as written, with its place in the image. */
export interface PlacedMount {
  readonly mount: RunMount;
  /** Absolute clean path; empty for a secret that is only a variable. */
  readonly target: string;
  /** Of a bind mount. */
  readonly source: MountSource | null;
}

/** What a step gets beside its own file system. */
export interface OpenMounts {
  readonly mounts: readonly StepMount[];
  /** `NAME=value`: secrets as variables, and where the ssh agent is. */
  readonly env: readonly string[];
}

/** The mounts of a RUN made ready: what of them counts for its cache key, and how they are opened. */
export interface PreparedMounts {
  readonly fields: Readonly<Record<string, string>>;
  /** What bound files hold; null where none are. */
  readonly list: TellListing | null;
  readonly unknown: string | undefined;
  /** Reads secrets and finds what only a build needs. Throws `dockerfile-invalid` for a required one that is missing. */
  open(): Promise<OpenMounts>;
}

/**
 * Makes the mounts of a RUN ready. Files that are bound count by their content, of secrets, agents and caches only
 * how they are mounted.
 */
export async function prepareRunMounts(
  instruction: RunInstruction,
  state: StageState,
  context: StepContext,
): Promise<PreparedMounts> {
  const expand = expander(context, state, instruction.range);
  const placed: PlacedMount[] = [];
  const fields: Record<string, string> = {};
  const listed: ListedSource[] = [];
  let unknown: string | undefined;
  let agents = 0;
  for (const flag of instruction.flags.mounts) {
    const mount = resolveRunMount(flag, expand);
    const target = targetOf(mount, agents, state);
    if (mount.type === 'ssh') agents += 1;
    let described = describeMount(mount);
    let source: MountSource | null = null;
    if (mount.type === 'bind') {
      const tree = await context.source(mount.from, state);
      if ('unknown' in tree) unknown ??= tree.unknown;
      else {
        source = { tree, path: findPath(tree, mount.source) };
        const whole = source.path === '' && tree.layers !== undefined;
        if (whole) described += ` ${chainOf(tree.layers ?? [])}`;
        else listed.push(...(await listMount(source, mount.from, context.signal)));
      }
    }
    fields[`mount:${target || `secret ${(mount as { id?: string }).id}`}`] = described;
    placed.push({ mount, target, source });
  }
  const list = listed.length === 0 ? null : tellListing(sorted(listed));
  return {
    fields: { ...fields, ...(list === null ? {} : { sources: await listingDigest(list) }) },
    list,
    unknown,
    open: () => openMounts(placed, instruction, state, context),
  };
}

async function openMounts(
  placed: readonly PlacedMount[],
  instruction: RunInstruction,
  state: StageState,
  context: StepContext,
): Promise<OpenMounts> {
  const mounts: StepMount[] = [];
  const env: string[] = [];
  for (const one of placed) {
    const opened = await openMount(one, { range: instruction.range, state, context });
    if (opened.mount !== null) mounts.push(opened.mount);
    // Of several agents the first is the one that programs find.
    env.push(...opened.env.filter((entry) => !isTaken(entry, env)));
  }
  return { mounts, env };
}

function isTaken(entry: string, env: readonly string[]): boolean {
  const name = entry.slice(0, entry.indexOf('=') + 1);
  return name === 'SSH_AUTH_SOCK=' && env.some((other) => other.startsWith(name));
}

/** Where a mount goes; what is relative stands below WORKDIR. The defaults are BuildKit's. */
function targetOf(mount: RunMount, agents: number, state: StageState): string {
  if (mount.target !== null) return posix.resolve('/', inWorkdir(state, mount.target));
  if (mount.type === 'ssh') return `/run/buildkit/ssh_agent.${agents}`;
  return mount.type === 'secret' && mount.env === null ? `/run/secrets/${posix.basename(mount.id)}` : '';
}

/** What of a mount decides the result of its step, apart from the content of bound files. */
function describeMount(mount: RunMount): string {
  const owner = 'mode' in mount ? [mount.mode?.toString(8), mount.uid, mount.gid].join(':') : '';
  switch (mount.type) {
    case 'bind':
      return `bind ${mount.readonly ? 'ro' : 'rw'} ${cleanPath(mount.source)}`;
    case 'cache':
      return `cache ${mount.id ?? ''} ${mount.from ?? ''}:${mount.source} ${mount.readonly ? 'ro' : 'rw'} ${owner}`;
    case 'tmpfs':
      return `tmpfs ${mount.size ?? ''}`;
    case 'secret':
      return `secret ${mount.id} ${mount.env ?? ''} ${owner}`;
    case 'ssh':
      return `ssh ${mount.id} ${owner}`;
  }
}

/** What a bind mount shows. Paths of another stage or image are told apart from those of the context. */
async function listMount(
  { tree, path }: MountSource,
  from: string | null,
  signal: AbortSignal,
): Promise<ListedSource[]> {
  const found: ListedSource[] = [];
  const note = (source: ListedSource) =>
    void found.push(from === null ? source : { ...source, path: `${from}:/${source.path}` });
  await tree.identify([...walkTree(tree, path)], note, signal);
  return found;
}

function sorted(listed: readonly ListedSource[]): SourceListing {
  const byPath = new Map(listed.map((source) => [source.path, source]));
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
