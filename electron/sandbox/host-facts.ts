import { existsSync, readFileSync, statSync } from 'node:fs';
import { release } from 'node:os';
import { type MountPoint, parseMountInfo } from './mount-flags.ts';

/** Parts of /proc and /sys that runc hides from containers. */
const MASKED = [
  '/proc/acpi',
  '/proc/asound',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/sys/devices/virtual/powercap',
  '/sys/firmware',
];
/** Parts of /proc that runc makes read-only. */
const READ_ONLY = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];
const DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];

/** A path to hide and whether it is a folder. */
export interface MaskedPath {
  readonly path: string;
  readonly isFolder: boolean;
}

/** What mounts depend on and does not change while the machine runs. */
export interface HostFacts {
  readonly masked: readonly MaskedPath[];
  readonly readOnly: readonly string[];
  /** Names in /dev that a step gets. */
  readonly devices: readonly string[];
  readonly hasMessageQueue: boolean;
  /** Overlays can be told not to write the disk back when they end (Linux 5.10). */
  readonly hasVolatile: boolean;
}

/** Looks which of the paths this kernel has. */
export function readHostFacts(): HostFacts {
  const masked = MASKED.flatMap((path) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats === undefined ? [] : [{ path, isFolder: stats.isDirectory() }];
  });
  return {
    masked,
    readOnly: READ_ONLY.filter((path) => existsSync(path)),
    devices: DEVICES.filter((name) => existsSync(`/dev/${name}`)),
    hasMessageQueue: existsSync('/proc/sys/fs/mqueue'),
    hasVolatile: isKernelAtLeast(release(), 5, 10),
  };
}

/** Whether a kernel release such as `6.1.0-9-amd64` is at least this version. */
export function isKernelAtLeast(kernel: string, major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = kernel.split('.').map((part) => Number.parseInt(part, 10));
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

/** The mounts of this process as they are now. */
export function readMountPoints(): MountPoint[] {
  return parseMountInfo(readFileSync('/proc/self/mountinfo', 'utf8'));
}
