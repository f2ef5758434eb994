import { readdir } from 'node:fs/promises';
import type { LayerWriter } from '../image/layer-writer.ts';
import type { StackTree } from '../image/stack-tree.ts';
import { readTar } from '../image/tar/read-tar.ts';
import { type DiffEntry, diffEntries } from './diff-entries.ts';
import { OPAQUE_XATTR } from './kept-xattrs.ts';
import { requireSandbox } from './probe.ts';
import { runTool } from './tool-process.ts';

export interface ReadUpperOptions {
  /** What the step saw when it began: the tree it was run with. */
  readonly below: StackTree;
  readonly signal: AbortSignal;
}

/**
 * Tells every change in the upper directory of a step, in the order of a layer; see `diffEntries`. GNU tar reads
 * it, inside the user namespace for a normal user: it knows extended attributes, which Node cannot read, and
 * the ids of the image. An upper directory without changes costs no process. Sockets are left out. Throws
 * `cancelled`, `sandbox-unavailable`, `internal`.
 */
export async function readUpper(
  upper: string,
  { below, signal }: ReadUpperOptions,
  onEntry: (change: DiffEntry) => Promise<void>,
): Promise<void> {
  if ((await readdir(upper)).length === 0) return;
  const host = await requireSandbox();
  const opaque = OPAQUE_XATTR[host.mode];
  const attributes = [opaque, 'user.*', 'security.capability'].map((name) => `--xattrs-include=${name}`);
  await runTool(host, {
    purpose: 'The changes of the step could not be read',
    argv: [
      ...[host.tools.tar, '--create', '--file=-', '--format=posix', '--sort=name', '--numeric-owner'],
      ...['--blocking-factor=256', '--warning=no-file-ignored', '--xattrs', ...attributes, '.'],
    ],
    cwd: upper,
    signal,
    onStdout: async (stdout) => {
      const entries = readTar(stdout, { signal });
      for await (const change of diffEntries(entries, below, opaque)) await onEntry(change);
    },
  });
}

/** Adds every change in the upper directory of a step to a layer; returns how many. Throws as `readUpper` and the writer. */
export async function writeDiff(
  upper: string,
  options: ReadUpperOptions,
  writer: Pick<LayerWriter, 'add'>,
): Promise<number> {
  let count = 0;
  await readUpper(upper, options, async ({ entry, body }) => {
    count += 1;
    await writer.add(entry, body);
  });
  return count;
}
