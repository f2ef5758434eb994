import type { LayerEntry, LayerIndex } from '#electron/image/layer-index.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { LayerStack } from './layer-stack.ts';
import { measureTree } from './measure-tree.ts';
import { resolvePath } from './resolve-path.ts';
import type { TreeNode } from './tree-node.ts';
import { Turns } from './turns.ts';

/** The file system up to one layer, and what that layer changed in it. Not to be changed. */
export interface FileTree {
  readonly root: TreeNode;
  /** Position of the top layer, 0 is the oldest. */
  readonly layer: number;
}

/**
 * Builds the tree of layers 0 to `layer` (oldest first). Works in short turns; keep the result, for it takes
 * time in proportion to all entries. Throws `not-found` for a layer that is not there, `cancelled`.
 */
export async function buildFileTree(
  layers: readonly LayerIndex[],
  layer: number,
  signal?: AbortSignal | undefined,
): Promise<FileTree> {
  if (layers[layer] === undefined)
    throw new AppError('not-found', `There is no layer ${layer}; the image has ${layers.length}.`);
  const turns = new Turns(signal);
  const stack = new LayerStack();
  for (const [position, index] of layers.slice(0, layer + 1).entries())
    await stack.apply(index, position, position === layer, turns);
  await measureTree(stack, layer, turns);
  return { root: stack.root, layer };
}

/** Where a file's bytes are: a layer's position and the entry of its index that holds them. */
export interface FileContent {
  readonly layer: number;
  readonly entry: LayerEntry;
}

/**
 * The content of the file at `path`, symlinks and hard links followed inside the tree. Throws `not-found` when
 * nothing is there, `invalid-input` when it is no file.
 */
export function findContent(tree: FileTree, path: string): FileContent {
  const node = resolvePath(tree.root, tree.root, path, true);
  const detail = { kind: 'path', path } as const;
  if (node === null) throw new AppError('not-found', `${path} is not in the image's files.`, { detail });
  if (node.inode === null) throw new AppError('invalid-input', `${path} is not a file.`, { detail });
  return { layer: node.inode.layer, entry: node.inode.entry };
}
