import { AppError } from '#shared/errors/app-error.ts';
import { cleanPath, lastName } from '../../image/stack-tree.ts';
import { compileGoMatch, hasWildcards, wildcardBase } from '../context/go-match.ts';
import type { SourceNode, SourceTree } from './source-tree.ts';

/** A source argument that found something: the node itself, and the name it was asked by. */
export interface MatchedSource {
  readonly node: SourceNode;
  /** Last part of the path as it was asked for: a followed symlink keeps its own name. */
  readonly name: string;
}

/**
 * What a source argument of COPY or ADD names. Wildcards follow Go's filepath.Match, part by part, and may find
 * nothing; a plain path must exist, else `not-found`, and so must the folder above the first wildcard and what the
 * found links lead to. Symlinks are followed inside the tree, but for those between the first wildcard and the last part.
 */
export function matchSources(tree: SourceTree, argument: string): MatchedSource[] {
  const path = cleanPath(argument);
  if (!hasWildcards(path)) return [literal(tree, path, argument)];
  const base = wildcardBase(path);
  const start = tree.resolve(base);
  const parts = path.split('/').slice(base === '' ? 0 : base.split('/').length);
  // All at once: a broken one is refused, whether or not the search would come to it.
  const patterns = parts.map(compileGoMatch);
  if (start === null || tree.get(start) === undefined) throw missingSource(tree, base);
  let found = [start];
  for (const matches of patterns) {
    found = found.flatMap((folder) =>
      Array.from(tree.children(folder), ({ path }) => path).filter((path) => matches(lastName(path))),
    );
  }
  return found.map((match) => literal(tree, match, match));
}

/** The clean path in the tree that a path leads to, symlinks followed. Throws `not-found`. */
export function findPath(tree: SourceTree, argument: string): string {
  const path = cleanPath(argument);
  return literal(tree, path, argument).node.path;
}

function literal(tree: SourceTree, path: string, argument: string): MatchedSource {
  const found = followed(tree, path);
  if (found !== null) return found;
  throw missingSource(tree, argument);
}

/** The error for a path that is not in a tree. */
export function missingSource(tree: SourceTree, argument: string): AppError {
  return new AppError('not-found', `"${argument}" is not in ${tree.title}.`, {
    hint:
      tree.title === 'the build context'
        ? 'Check the spelling, that the path is relative to the context folder, and that .dockerignore does not leave it out. Pipes, sockets and devices of a folder are never part of it.'
        : 'Check the path: it is looked up from the root of that file system.',
    detail: { kind: 'path', path: argument },
  });
}

function followed(tree: SourceTree, path: string): MatchedSource | null {
  const target = tree.resolve(path);
  const node = target === null ? undefined : tree.get(target);
  return node === undefined ? null : { node, name: path.slice(path.lastIndexOf('/') + 1) };
}
