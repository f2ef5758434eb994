import type { LayerStack } from './layer-stack.ts';
import { isAttached, type TreeNode } from './tree-node.ts';
import type { Turns } from './turns.ts';

/** Fills in the sizes of all nodes and which of them the top layer concerns. */
export async function measureTree(stack: LayerStack, top: number, turns: Turns): Promise<void> {
  adoptContents(stack);
  const order: TreeNode[] = [stack.root];
  // Breadth first: parents stand before their children, so the reverse order sums up from the leaves.
  for (let at = 0; at < order.length; at += 1) {
    for (const child of order[at]?.children?.values() ?? []) order.push(child);
    for (const ghost of order[at]?.ghosts?.values() ?? []) order.push(ghost);
    if (turns.isOver()) await turns.rest();
  }
  for (let at = order.length - 1; at >= 0; at -= 1) {
    const node = order[at];
    if (node !== undefined) measure(node, top);
    if (turns.isOver()) await turns.rest();
  }
}

/** Gives a content whose file is gone to a hard link that is still there. */
function adoptContents({ hardLinks }: LayerStack): void {
  for (const link of hardLinks)
    if (link.inode !== null && isAttached(link) && !isAttached(link.inode.owner)) link.inode.owner = link;
}

function measure(node: TreeNode, top: number): void {
  const inode = node.inode?.owner === node ? node.inode : null;
  node.stackSize = inode?.entry.size ?? 0;
  node.layerSize = inode?.layer === top ? inode.entry.size : 0;
  node.isInLayer = node.change !== 'none' || (node.ghosts?.size ?? 0) > 0;
  for (const child of node.children?.values() ?? []) {
    node.stackSize += child.stackSize;
    node.layerSize += child.layerSize;
    node.isInLayer ||= child.isInLayer;
  }
}
