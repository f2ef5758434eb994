import { cleanPath, parentPath } from '../../image/stack-tree.ts';
import { visitInSlices } from '../../platform/yield.ts';
import type { ListedSource } from '../cache/source-listing.ts';
import { hasWildcards } from '../context/go-match.ts';
import { createIgnoreMatcher, parseExcludes } from '../context/ignore.ts';
import { matchSources, missingSource } from '../sources/match-sources.ts';
import { type SourceNode, type SourceTree, walkTree } from '../sources/source-tree.ts';
import type { CopyItem } from './copy-files.ts';

/** A test of paths below a source. */
export type PathTest = (path: string) => boolean;

/** What the sources of COPY or ADD find in a tree. Throws `not-found` for a plain path that is not there. */
export function findItems(tree: SourceTree, sources: readonly string[], unpack: boolean): CopyItem[] {
  return sources.flatMap((source) => matchSources(tree, source).map((match) => ({ ...match, tree, unpack })));
}

/**
 * What COPY --parents finds: each source keeps the folders of its path, those before `/./` excepted. Patterns are
 * matched as in an ignore file, so `**` stands for any depth.
 */
export function findItemsWithParents(tree: SourceTree, sources: readonly string[]): CopyItem[] {
  return sources.flatMap((source) => {
    const pivot = source.indexOf('/./');
    const base = pivot < 0 ? '/' : source.slice(0, pivot);
    const pattern = cleanPath(pivot < 0 ? source : source.slice(pivot + 3));
    return matchSources(tree, base).flatMap(({ node, name }) => {
      if (node.type !== 'directory') return [];
      const included = pattern === '' ? undefined : includedPaths(tree, node.path, pattern);
      if (included?.size === 0 && !hasWildcards(pattern)) throw missingSource(tree, source);
      return [{ tree, node, name, unpack: false, included }];
    });
  });
}

/** The paths below `base` that match, with all below them and the folders that lead to them. */
function includedPaths(tree: SourceTree, base: string, pattern: string): ReadonlySet<string> {
  const matcher = createIgnoreMatcher([{ text: pattern, negated: false }]);
  const included = new Set<string>();
  for (const { path } of walkTree(tree, base)) {
    const below = path.slice(base === '' ? 0 : base.length + 1);
    if (below === '' || !matcher.ignores(below)) continue;
    for (let at = path; at !== base && !included.has(at); at = parentPath(at)) included.add(at);
  }
  return included;
}

/** `--exclude` patterns as a test of paths below the source. */
export function excludeTest(patterns: readonly string[]): PathTest {
  if (patterns.length === 0) return () => false;
  const matcher = createIgnoreMatcher(parseExcludes(patterns));
  return (path) => matcher.ignores(path);
}

/** Tells what each item holds, for the cache key and for telling later what changed; sorted by path. */
export async function tellItems(
  items: readonly CopyItem[],
  excludes: PathTest,
  visit: (source: ListedSource) => void,
  signal: AbortSignal,
): Promise<void> {
  const trees = [...new Set(items.map((item) => item.tree))];
  const itemsOf = (tree: SourceTree) => items.filter((item) => item.tree === tree);
  if (trees.length < 2) {
    for (const tree of trees) await tellTree(tree, itemsOf(tree), excludes, visit, signal);
    return;
  }
  const listed = new Map<string, ListedSource>();
  const note = (source: ListedSource) => void listed.set(source.path, source);
  for (const tree of trees) await tellTree(tree, itemsOf(tree), excludes, note, signal);
  for (const source of [...listed.values()].sort(byPath)) visit(source);
}

/** Tells what items of one tree hold, sorted by path. */
async function tellTree(
  tree: SourceTree,
  items: readonly CopyItem[],
  excludes: PathTest,
  visit: (source: ListedSource) => void,
  signal: AbortSignal,
): Promise<void> {
  const nodes: SourceNode[] = [];
  const names = new Map<string, string>();
  let isSorted = true;
  for (const item of items) {
    const isCopied = copiedTest(item, excludes);
    const gather = (node: SourceNode) => {
      if (!isCopied(node)) return;
      const last = nodes.at(-1);
      isSorted &&= last === undefined || last.path < node.path;
      nodes.push(node);
      if (node.inode !== undefined && !names.has(node.inode)) names.set(node.inode, node.path);
    };
    await visitInSlices(walkTree(tree, item.node.path), gather, signal);
  }
  const sorted = isSorted ? nodes : uniquePaths(nodes.sort(byPath));
  let at = 0;
  const tell = (source: ListedSource) => {
    const inode = sorted[at]?.inode;
    at += 1;
    const other = inode === undefined ? undefined : names.get(inode);
    // Two names of one file are not two files with the same content.
    const isLink = other !== undefined && other !== source.path;
    visit(isLink ? { ...source, identity: `${source.identity} =${other}` } : source);
  };
  await tree.identify(sorted, tell, signal);
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : 1;
}

/** Two items may hold the same file. */
function uniquePaths(sorted: readonly SourceNode[]): SourceNode[] {
  return sorted.filter(({ path }, at) => path !== sorted[at + 1]?.path);
}

function copiedTest({ node, included }: CopyItem, excludes: PathTest): (found: SourceNode) => boolean {
  const skipped = node.path === '' ? 0 : node.path.length + 1;
  return (found) => {
    const below = found.path.slice(skipped);
    if (below === '') return true;
    if (included !== undefined && !included.has(found.path)) return false;
    return found.type === 'directory' || !excludes(below);
  };
}
