import type { LayerIndex } from '#electron/image/layer-index.ts';
import { LayerStack } from './layer-stack.ts';
import type { Inode, TreeNode } from './tree-node.ts';
import { Turns } from './turns.ts';

/** Every file content that an image ships, and which of them its final file system still shows. */
export interface ImageContents {
  readonly layerCount: number;
  /** The final file system. */
  readonly root: TreeNode;
  /** Oldest layer first, in the order of the tars. */
  readonly inodes: readonly Inode[];
  readonly visible: ReadonlySet<Inode>;
}

/** Reads the contents of layers, oldest first, in short turns. Throws `cancelled`. */
export async function readContents(
  layers: readonly LayerIndex[],
  signal?: AbortSignal | undefined,
): Promise<ImageContents> {
  const turns = new Turns(signal);
  const stack = new LayerStack();
  for (const [position, index] of layers.entries()) await stack.apply(index, position, false, turns);
  const visible = new Set<Inode>();
  const pending = [stack.root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.inode !== null) visible.add(node.inode);
    for (const child of node.children?.values() ?? []) pending.push(child);
    if (turns.isOver()) await turns.rest();
  }
  return { layerCount: layers.length, root: stack.root, inodes: stack.inodes, visible };
}
