import type { FileRow } from '#shared/contract/images.ts';
import { IMPLIED_MODE, type TreeNode } from './tree-node.ts';

/** `layer`: what the top layer did. `stack`: the whole file system up to it. */
export type TreeView = 'layer' | 'stack';

/** A node in a view; everything in and below what the top layer took away is removed. */
export interface ViewedNode {
  readonly node: TreeNode;
  readonly removed: boolean;
}

/** The nodes that a view shows in a directory, in no order. */
export function viewedChildren({ node, removed }: ViewedNode, view: TreeView): ViewedNode[] {
  const found: ViewedNode[] = [];
  for (const child of node.children?.values() ?? [])
    if (removed || view === 'stack' || child.isInLayer) found.push({ node: child, removed });
  if (view === 'layer' && !removed)
    for (const ghost of node.ghosts?.values() ?? []) found.push({ node: ghost, removed: true });
  return found;
}

/** The size that a view shows for a node: of a removed one the bytes it had. */
export function viewedSize({ node, removed }: ViewedNode, view: TreeView): number {
  return view === 'layer' && !removed ? node.layerSize : node.stackSize;
}

/** The row of a node at `path`. */
export function fileRow(viewed: ViewedNode, path: string, view: TreeView): FileRow {
  const { node, removed } = viewed;
  const { entry } = node;
  return {
    name: node.name,
    path,
    type: rowType(node),
    mode: entry?.mode ?? IMPLIED_MODE,
    uid: entry?.uid ?? 0,
    gid: entry?.gid ?? 0,
    size: viewedSize(viewed, view),
    mtime: entry?.mtime ?? 0,
    linkTarget: isOrphan(node) ? null : (entry?.linkTarget ?? null),
    change: removed ? 'removed' : node.change,
    layer: node.layer,
    hasChildren: hasChildren(viewed, view),
  };
}

function rowType(node: TreeNode): FileRow['type'] {
  const type = node.entry?.type ?? 'directory';
  if (type === 'whiteout' || type === 'opaque' || isOrphan(node)) return 'file';
  return type;
}

/** A hard link that outlived the file it was made of is the file now. */
function isOrphan(node: TreeNode): boolean {
  return node.entry?.type === 'hardlink' && node.inode?.owner === node;
}

function hasChildren({ node, removed }: ViewedNode, view: TreeView): boolean {
  if (node.children === null) return false;
  if (removed || view === 'stack') return node.children.size > 0;
  if ((node.ghosts?.size ?? 0) > 0) return true;
  for (const child of node.children.values()) if (child.isInLayer) return true;
  return false;
}
