import { constants } from 'node:fs';
import { chmod, chown, copyFile, lutimes, mkdir, open, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceNode, SourceTree } from '../../../build/sources/source-tree.ts';
import type { MountSource } from '../../../build/steps/step-mount.ts';
import { lastName } from '../../../image/stack-tree.ts';
import { writeError } from '../../../platform/file-errors.ts';

/**
 * Copies what a source shows to `target`, which must not exist: a folder with all below it, or a file. Modes, times
 * and, for root, owners are kept; the blocks are shared where the file system can. Devices are left out. Throws
 * `cancelled`, `disk-full`, `conflict` for what changes meanwhile.
 */
export async function copyTree(source: MountSource, target: string, signal: AbortSignal): Promise<void> {
  const node = source.tree.get(source.path);
  if (node === undefined) return;
  try {
    await copyNode(source.tree, node, target, signal);
  } catch (error) {
    throw writeError(error, target);
  }
}

async function copyNode(
  tree: SourceTree,
  node: SourceNode,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  if (node.type === 'symlink') {
    await symlink(node.linkTarget ?? '', target);
    await lutimes(target, node.mtime, node.mtime);
    return;
  }
  if (node.type === 'directory') {
    await mkdir(target);
    for (const child of tree.children(node.path))
      await copyNode(tree, child, join(target, lastName(child.path)), signal);
  } else if (node.type === 'file') await copyContent(tree, node, target, signal);
  else return;
  if (process.getuid?.() === 0) await chown(target, node.uid, node.gid);
  await chmod(target, node.mode);
  await utimes(target, node.mtime, node.mtime);
}

async function copyContent(
  tree: SourceTree,
  node: SourceNode,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  const place = tree.placeOf?.(node);
  if (place !== undefined)
    return copyFile(place, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  const file = await open(target, 'wx');
  try {
    const content = tree.read(node, signal);
    if (content instanceof Uint8Array) await file.write(content);
    else for await (const chunk of content) await file.write(chunk);
  } finally {
    await file.close();
  }
}
