import { posix } from 'node:path';

const KEPT = new Set(['ro', 'nosuid', 'nodev', 'noexec', 'noatime', 'nodiratime', 'relatime', 'strictatime']);

/** One mount of a process: where, and its own options (proc(5), mountinfo). */
export interface MountPoint {
  readonly target: string;
  readonly options: readonly string[];
}

/** Reads /proc/PID/mountinfo; later mounts come later. */
export function parseMountInfo(text: string): MountPoint[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.split(' ');
    const [target, options] = [fields[4], fields[5]];
    if (target === undefined || options === undefined) return [];
    return [{ target: unescapeOctal(target), options: options.split(',') }];
  });
}

/**
 * The options that a bind mount of `path` has to keep when it is remounted: the kernel locks them for a user
 * namespace and refuses a remount that drops one.
 */
export function keptOptions(mounts: readonly MountPoint[], path: string): string[] {
  let best: MountPoint | undefined;
  for (const mount of mounts) {
    const covers = isBelow(path, mount.target);
    if (covers && mount.target.length >= (best?.target.length ?? 0)) best = mount;
  }
  return (best?.options ?? []).filter((option) => KEPT.has(option));
}

function isBelow(path: string, folder: string): boolean {
  const relative = posix.relative(folder, path);
  return relative !== '..' && !relative.startsWith('../');
}

function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
