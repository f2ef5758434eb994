import { existsSync, readFileSync, statSync } from 'node:fs';
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
  };
}

/** The mounts of this process as they are now. */
export function readMountPoints(): MountPoint[] {
  return parseMountInfo(readFileSync('/proc/self/mountinfo', 'utf8'));
}
