import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { HostFacts } from './host-facts.ts';
import type { MountLine } from './mount-table.ts';

/** Files of a stack of layers that a step sees at `target`. What it writes there is lost. */
export interface StackMount {
  /** Folders in overlay form, oldest first; a plain folder is one too. */
  readonly lowers: readonly string[];
  /** Clean path of what is shown, without a symlink in it; '' is all. */
  readonly path: string;
  readonly kind: 'folder' | 'file';
  /** Absolute path in the image; clean and below its root once it has been placed. */
  readonly target: string;
  readonly readonly: boolean;
}

/**
 * Makes what the overlays of these mounts need:
 *
 *     scratch/s0/l/0 ...   links to the lower directories, topmost first; the last is an empty folder
 *     scratch/s0/merged    where the overlay is mounted
 *     workDir/s0/          its upper and work directories, when it may be written to
 */
export function makeStackFolders(scratch: string, workDir: string, stacks: readonly StackMount[]): void {
  for (const [i, { lowers, readonly }] of stacks.entries()) {
    const folder = join(scratch, `s${i}`);
    for (const name of ['', 'l', 'empty', 'merged']) mkdirSync(join(folder, name));
    for (const [at, lower] of [...topmostFirst(lowers), join(folder, 'empty')].entries())
      symlinkSync(lower, join(folder, 'l', String(at)));
    if (readonly) continue;
    for (const name of ['', 'upper', 'work']) mkdirSync(join(workDir, `s${i}`, name));
  }
}

/**
 * Lower directories as an overlay takes them, each once: the kernel refuses one that comes twice, as in an image
 * that copies the same files again, and the upper of the two hides all that the lower one shows.
 */
export function topmostFirst(lowers: readonly string[]): string[] {
  return [...new Set(lowers.toReversed())];
}

/** The overlays, to be mounted in the scratch folder before anything is bound from them. */
export function stackOverlays(
  scratch: string,
  mode: 'root' | 'rootless',
  stacks: readonly StackMount[],
  facts: HostFacts,
): MountLine[] {
  const style = mode === 'root' ? ['redirect_dir=off', 'metacopy=off'] : ['userxattr'];
  return stacks.map(({ lowers, readonly }, i) => ({
    source: 'overlay',
    target: join(scratch, `s${i}`, 'merged'),
    type: 'overlay',
    options: [
      `lowerdir=${Array.from({ length: topmostFirst(lowers).length + 1 }, (_, at) => `s${i}/l/${at}`).join(':')}`,
      ...(readonly ? ['ro'] : [`upperdir=w/s${i}/upper`, `workdir=w/s${i}/work`]),
      ...['index=off', ...style, ...(facts.hasVolatile && !readonly ? ['volatile'] : []), 'nodev'],
    ],
  }));
}

/** Where in the scratch folder a mount is bound from. */
export function stackSource(scratch: string, stack: StackMount, i: number): string {
  return join(scratch, `s${i}`, 'merged', stack.path);
}
