import { fileRow, type TreeView, type ViewedNode } from './file-row.ts';
import type { FileTree } from './file-tree.ts';
import type { FileRows } from './list-directory.ts';
import { walkTree } from './walk-tree.ts';

export interface SearchQuery {
  readonly view: TreeView;
  /** Words, parted by blanks; a path must hold all of them, upper and lower case alike. */
  readonly query: string;
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
}

interface Match {
  readonly viewed: ViewedNode;
  readonly path: string;
  /** Smaller is better. */
  readonly rank: number;
}

/**
 * What a view shows whose path holds the words, best first: the name itself before a name that begins with the
 * words, before one that holds them, before a match elsewhere in the path; shorter paths first. Throws `cancelled`.
 */
export async function searchFiles(tree: FileTree, query: SearchQuery): Promise<FileRows> {
  const words = query.query.toLowerCase().split(/\s+/).filter(Boolean);
  const matches: Match[] = [];
  const visit = (viewed: ViewedNode, path: string) => {
    const rank = rankPath(path.toLowerCase(), words);
    if (rank !== null) matches.push({ viewed, path, rank });
  };
  if (words.length > 0) await walkTree(tree, query.view, visit, query.signal);
  const rows = matches
    .sort(byRank)
    .slice(0, query.limit)
    .map(({ viewed, path }) => fileRow(viewed, path, query.view));
  return { rows, total: matches.length };
}

function rankPath(path: string, words: readonly string[]): number | null {
  let inName = 0;
  let begins = false;
  const nameAt = path.lastIndexOf('/') + 1;
  for (const word of words) {
    const at = path.lastIndexOf(word);
    if (at < 0) return null;
    if (at >= nameAt) inName += 1;
    begins ||= path.startsWith(word, nameAt);
  }
  if (words.length === 1 && words[0] === path.slice(nameAt)) return 0;
  if (inName === words.length) return begins ? 1 : 2;
  return inName > 0 ? 3 : 4;
}

function byRank(a: Match, b: Match): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (a.path.length !== b.path.length) return a.path.length - b.path.length;
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
