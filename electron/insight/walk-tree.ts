import { type TreeView, type ViewedNode, viewedChildren } from './file-row.ts';
import type { FileTree } from './file-tree.ts';
import { Turns } from './turns.ts';

/** Visits everything that a view shows, the root left out, parents before their children. Works in short turns. */
export async function walkTree(
  tree: FileTree,
  view: TreeView,
  visit: (viewed: ViewedNode, path: string) => void,
  signal?: AbortSignal | undefined,
): Promise<void> {
  const turns = new Turns(signal);
  const pending: { viewed: ViewedNode; prefix: string }[] = [
    { viewed: { node: tree.root, removed: false }, prefix: '' },
  ];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    for (const child of viewedChildren(at.viewed, view)) {
      const path = at.prefix + child.node.name;
      visit(child, path);
      if (child.node.children !== null) pending.push({ viewed: child, prefix: `${path}/` });
      if (turns.isOver()) await turns.rest();
    }
  }
}
