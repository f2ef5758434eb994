import { join } from 'node:path';
import type { HostFacts } from './host-facts.ts';
import { keptOptions, type MountPoint } from './mount-flags.ts';
import type { MountLine } from './mount-table.ts';
import { type StackMount, stackOverlays, stackSource } from './stack-mounts.ts';

/** A folder or file of the host that a step sees at `target`. */
export interface BindMount {
  readonly source: string;
  /** Absolute path in the image. */
  readonly target: string;
  readonly readonly: boolean;
}

/** An empty file system in memory for a step. */
export interface TmpfsMount {
  readonly target: string;
  /** Limit in bytes; half of the memory when absent. */
  readonly size?: number | undefined;
  /** Permission bits, 0o755 when absent. */
  readonly mode?: number | undefined;
}

/** Where things go; every target is a path below the root of the image without a symlink in it, `''` is the root. */
export interface MountPlan {
  readonly mode: 'root' | 'rootless';
  readonly ownNetwork: boolean;
  /** Nothing of the machine is hidden or read-only. */
  readonly insecure: boolean;
  /** Absolute folder of the scratch files, see `scratch.ts`. */
  readonly scratch: string;
  /** How many lower directories there are below `scratch`/l, 0 is the topmost. */
  readonly lowerCount: number;
  readonly targets: {
    readonly proc: string;
    readonly sys: string;
    readonly dev: string;
    readonly resolvConf: string;
    readonly hosts: string;
  };
  readonly binds: readonly BindMount[];
  readonly stacks: readonly StackMount[];
  readonly tmpfs: readonly TmpfsMount[];
  /** Where the files `secrets/0`, `secrets/1` … are shown. */
  readonly secrets: readonly string[];
  /** The working directory, as a path of the same form. */
  readonly cwd: string;
}

/** What every mount of a step forbids: set-id programs work, device nodes that a step makes cannot be opened. */
const NO_DEVICES = 'nodev';

/** All mounts of a step, in order: what lies in another mount comes after it. */
export function stepMounts(plan: MountPlan, facts: HostFacts, mounts: readonly MountPoint[]): MountLine[] {
  const shown = plan.insecure ? { ...facts, masked: [], readOnly: [] } : facts;
  return [
    overlayMount(plan, facts),
    ...stackOverlays(plan.scratch, plan.mode, plan.stacks, facts),
    ...procMounts(plan, shown),
    ...sysMounts(plan, shown, mounts),
    ...devMounts(plan, facts, mounts),
    ...fileMounts(plan),
    ...[
      ...plan.tmpfs.map((mount) => tmpfsMount(plan, mount)),
      ...plan.binds.map((bind) => bindMount(plan, bind, mounts)),
      ...plan.stacks.map((stack, i) =>
        bindMount(plan, { ...stack, source: stackSource(plan.scratch, stack, i) }, mounts),
      ),
      ...plan.secrets.map((target, i) => secretMount(plan, target, i)),
    ].sort((a, b) => depthOf(a.target) - depthOf(b.target)),
  ];
}

/** Paths are relative to the scratch folder, where mount is run: the kernel takes one page of options at most. */
function overlayMount(plan: MountPlan, facts: HostFacts): MountLine {
  const lowers = Array.from({ length: plan.lowerCount }, (_, i) => `l/${i}`).join(':');
  const style = plan.mode === 'root' ? ['redirect_dir=off', 'metacopy=off'] : ['userxattr'];
  return {
    source: 'overlay',
    target: join(plan.scratch, 'merged'),
    type: 'overlay',
    options: [
      ...[`lowerdir=${lowers}`, 'upperdir=w/upper', 'workdir=w/work', 'index=off', ...style],
      // The upper directory is read right away: the kernel need not write the whole disk back first.
      ...(facts.hasVolatile ? ['volatile'] : []),
      NO_DEVICES,
    ],
  };
}

function procMounts(plan: MountPlan, facts: HostFacts): MountLine[] {
  const proc = inside(plan, plan.targets.proc);
  const at = (path: string) => join(proc, path.slice('/proc'.length));
  return [
    { source: 'proc', target: proc, type: 'proc', options: ['nosuid', 'nodev', 'noexec'] },
    ...facts.readOnly.map((path) => ({
      source: at(path),
      target: at(path),
      type: 'none',
      options: ['bind', 'ro', 'nosuid', 'nodev', 'noexec'],
    })),
    ...masks(facts, '/proc/', at),
  ];
}

/** A fresh sysfs belongs to a network namespace: a normal user who shares the host's has to take the host's /sys. */
function sysMounts(plan: MountPlan, facts: HostFacts, mounts: readonly MountPoint[]): MountLine[] {
  const sys = inside(plan, plan.targets.sys);
  const at = (path: string) => join(sys, path.slice('/sys'.length));
  if (plan.mode === 'root' || plan.ownNetwork) {
    const options = [plan.insecure ? 'rw' : 'ro', 'nosuid', 'nodev', 'noexec'];
    return [{ source: 'sysfs', target: sys, type: 'sysfs', options }, ...masks(facts, '/sys/', at)];
  }
  const options = union(['rbind', 'ro', 'nosuid', 'nodev', 'noexec'], keptOptions(mounts, '/sys'));
  return [
    { source: '/sys', target: sys, type: 'none', options },
    {
      source: 'tmpfs',
      target: at('/sys/fs/cgroup'),
      type: 'tmpfs',
      options: ['ro', 'nosuid', 'nodev', 'noexec'],
    },
    ...masks(facts, '/sys/', at),
  ];
}

function masks(facts: HostFacts, prefix: string, at: (path: string) => string): MountLine[] {
  return facts.masked
    .filter(({ path }) => path.startsWith(prefix))
    .map(({ path, isFolder }) =>
      isFolder
        ? { source: 'tmpfs', target: at(path), type: 'tmpfs', options: ['ro', 'nosuid', 'nodev', 'noexec'] }
        : { source: '/dev/null', target: at(path), type: 'none', options: ['bind'] },
    );
}

/** The folder is a plain one of the scratch files; only the nodes bound into it can be opened as devices. */
function devMounts(plan: MountPlan, facts: HostFacts, mounts: readonly MountPoint[]): MountLine[] {
  const dev = inside(plan, plan.targets.dev);
  const source = join(plan.scratch, 'dev');
  const options = union(['bind', 'nosuid', 'nodev', 'noexec'], keptOptions(mounts, plan.scratch));
  const inDev = (name: string, type: string, extra: readonly string[]): MountLine => ({
    source: type,
    target: join(dev, name),
    type,
    options: ['nosuid', 'noexec', ...extra],
  });
  return [
    { source, target: dev, type: 'none', options },
    ...facts.devices.map((name) => ({
      source: `/dev/${name}`,
      target: join(dev, name),
      type: 'none',
      options: ['bind'],
    })),
    inDev('pts', 'devpts', ['newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5']),
    inDev('shm', 'tmpfs', [NO_DEVICES, 'mode=1777', 'size=64m']),
    ...(facts.hasMessageQueue ? [inDev('mqueue', 'mqueue', [NO_DEVICES])] : []),
  ];
}

/** Copies, so that a step that writes to them changes nothing on the host. */
function fileMounts(plan: MountPlan): MountLine[] {
  const bind = (name: string, target: string): MountLine => ({
    source: join(plan.scratch, name),
    target: inside(plan, target),
    type: 'none',
    options: ['bind'],
  });
  return [bind('resolv.conf', plan.targets.resolvConf), bind('hosts', plan.targets.hosts)];
}

function tmpfsMount(plan: MountPlan, { target, size, mode = 0o755 }: TmpfsMount): MountLine {
  const limits = [`mode=${mode.toString(8)}`, ...(size === undefined ? [] : [`size=${size}`])];
  return {
    source: 'tmpfs',
    target: inside(plan, target),
    type: 'tmpfs',
    options: ['nosuid', NO_DEVICES, ...limits],
  };
}

function bindMount(plan: MountPlan, bind: BindMount, mounts: readonly MountPoint[]): MountLine {
  const access = bind.readonly ? ['ro'] : [];
  // In a user namespace a folder that has mounts below it can only be bound together with them.
  const how = plan.mode === 'root' ? 'bind' : 'rbind';
  const options = union([how, NO_DEVICES, ...access], keptOptions(mounts, bind.source));
  return { source: bind.source, target: inside(plan, bind.target), type: 'none', options };
}

function secretMount(plan: MountPlan, target: string, i: number): MountLine {
  const source = join(plan.scratch, 'secrets', String(i));
  const options = ['bind', 'ro', 'nosuid', NO_DEVICES, 'noexec'];
  return { source, target: inside(plan, target), type: 'none', options };
}

function depthOf(path: string): number {
  return path.split('/').length;
}

function inside(plan: MountPlan, path: string): string {
  return join(plan.scratch, 'merged', path);
}

function union(first: readonly string[], second: readonly string[]): string[] {
  return [...new Set([...first, ...second])];
}
