import type { TreeNode } from './tree-node.ts';

/** As many symlinks as Linux follows in one path. */
const MAX_LINKS = 40;

/**
 * The node that `path` names, seen from directory `from`, following symlinks on the way as a kernel would with
 * `root` as its root directory: `..` stops at the root. The last component is followed only with `followLast`.
 * Null when there is no such path, or for a circle of links.
 */
export function resolvePath(
  root: TreeNode,
  from: TreeNode,
  path: string,
  followLast: boolean,
): TreeNode | null {
  let node = path.startsWith('/') ? root : from;
  const pending = path.split('/').reverse();
  for (let links = 0; pending.length > 0; ) {
    const part = pending.pop() ?? '';
    if (part === '' || part === '.') continue;
    if (node.children === null) return null;
    if (part === '..') {
      node = node.parent ?? node;
      continue;
    }
    const child = node.children.get(part);
    if (child === undefined) return null;
    const target = child.entry?.type === 'symlink' ? child.entry.linkTarget : undefined;
    const isLast = pending.every((rest) => rest === '' || rest === '.');
    if (target === undefined || (isLast && !followLast)) {
      node = child;
      continue;
    }
    links += 1;
    if (links > MAX_LINKS) return null;
    if (target.startsWith('/')) node = root;
    pending.push(...target.split('/').reverse());
  }
  return node;
}
