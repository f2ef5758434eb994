import { hasWildcards, wildcardBase } from './go-match.ts';
import { type LinkReader, resolveInRoot } from './resolve-in-root.ts';

/** Which part of a tree is wanted: all of it, or only some names. */
export interface WantedPaths {
  all: boolean;
  readonly names: Map<string, WantedPaths>;
}

/** The part of a context that COPY sources name: their subtrees, the links on the way and what these lead to. */
export function wantedPaths(sources: readonly string[], readLink: LinkReader): WantedPaths {
  const root = makeNode();
  for (const source of sources) {
    const start = hasWildcards(source) ? wildcardBase(source) : source;
    const { path, links } = resolveInRoot(start, readLink);
    for (const link of links) nodeAt(root, link);
    nodeAt(root, path).all = true;
  }
  return root;
}

function nodeAt(root: WantedPaths, path: string): WantedPaths {
  let node = root;
  for (const name of path.split('/').filter(Boolean)) {
    let next = node.names.get(name);
    if (next === undefined) {
      next = makeNode();
      node.names.set(name, next);
    }
    node = next;
  }
  return node;
}

function makeNode(): WantedPaths {
  return { all: false, names: new Map() };
}
