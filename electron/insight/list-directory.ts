import type { FileRow } from '#shared/contract/images.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { fileRow, type TreeView, type ViewedNode, viewedChildren, viewedSize } from './file-row.ts';
import type { FileTree } from './file-tree.ts';

/** Which part of which directory to list. */
export interface DirectoryQuery {
  readonly view: TreeView;
  /** Clean path, `''` is the root. */
  readonly path: string;
  /** `name`: directories first, then by name. `size`: largest first. */
  readonly sort: 'name' | 'size';
  readonly offset: number;
  readonly limit: number;
}

export interface FileRows {
  readonly rows: FileRow[];
  /** How many there are without the limit. */
  readonly total: number;
}

/** Sorted listings of a tree by view, order and path: paging through one sorts once. */
const sortedListings = new WeakMap<FileTree, Map<string, readonly ViewedNode[]>>();
const MAX_LISTINGS = 64;

/** One page of a directory. Throws `not-found` when the view has no such directory. */
export function listDirectory(tree: FileTree, query: DirectoryQuery): FileRows {
  const { view, path, offset, limit } = query;
  const sorted = sortedChildren(tree, query);
  const prefix = path === '' ? '' : `${path}/`;
  const rows = sorted
    .slice(offset, offset + limit)
    .map((viewed) => fileRow(viewed, prefix + viewed.node.name, view));
  return { rows, total: sorted.length };
}

function sortedChildren(tree: FileTree, { view, path, sort }: DirectoryQuery): readonly ViewedNode[] {
  let listings = sortedListings.get(tree);
  if (listings === undefined) {
    listings = new Map();
    sortedListings.set(tree, listings);
  }
  const key = `${view} ${sort} ${path}`;
  const known = listings.get(key);
  if (known !== undefined) return known;
  const children = viewedChildren(findDirectory(tree, path, view), view);
  children.sort(
    sort === 'name' ? byName : (a, b) => viewedSize(b, view) - viewedSize(a, view) || byName(a, b),
  );
  if (listings.size >= MAX_LISTINGS) listings.clear();
  listings.set(key, children);
  return children;
}

function findDirectory(tree: FileTree, path: string, view: TreeView): ViewedNode {
  let at: ViewedNode = { node: tree.root, removed: false };
  for (const name of path === '' ? [] : path.split('/')) {
    const child = at.node.children?.get(name);
    const ghost = view === 'layer' && !at.removed ? at.node.ghosts?.get(name) : undefined;
    if (child !== undefined) at = { node: child, removed: at.removed };
    else if (ghost !== undefined) at = { node: ghost, removed: true };
    else throw noDirectory(path);
  }
  if (at.node.children === null) throw noDirectory(path);
  return at;
}

function byName(a: ViewedNode, b: ViewedNode): number {
  const isDirectoryA = a.node.children !== null;
  if (isDirectoryA !== (b.node.children !== null)) return isDirectoryA ? -1 : 1;
  return a.node.name < b.node.name ? -1 : a.node.name > b.node.name ? 1 : 0;
}

function noDirectory(path: string): AppError {
  return new AppError('not-found', `There is no directory ${path} in these files.`, {
    detail: { kind: 'path', path },
  });
}
