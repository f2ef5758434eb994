import { cleanPath } from '../../image/stack-tree.ts';
import { hasWildcards } from '../context/go-match.ts';
import type { SourceTree } from './source-tree.ts';

/**
 * Whether each source is a file that these layers have themselves, in folders that they have: then no layer below them
 * can make it lead anywhere else. A folder is not: layers below may hold more of it.
 */
export function areSettled(own: SourceTree, sources: readonly string[]): boolean {
  return sources.every((source) => {
    const path = cleanPath(source);
    if (path === '' || hasWildcards(path)) return false;
    const parts = path.split('/');
    const folders = parts.slice(1).map((_, at) => parts.slice(0, at + 1).join('/'));
    if (!folders.every((folder) => own.get(folder)?.type === 'directory')) return false;
    const node = own.get(path);
    // A file with a target is a hard link to one that lies below.
    return node?.type === 'file' && node.linkTarget === undefined;
  });
}
