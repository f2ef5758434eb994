import { AppError } from '#shared/errors/app-error.ts';
import type { StackTree } from '../image/stack-tree.ts';

/** Where a path of a step lies in the image. */
export interface MountTarget {
  /** Clean path without a symlink in it. */
  readonly path: string;
  /** It has to be made before something can be mounted there. */
  readonly isMissing: boolean;
}

/**
 * Follows the symlinks of `path` within the image: a mount must never follow one out to the host. Throws
 * `invalid-input` for a loop and for a path that leads through a file or is of the other kind.
 */
export function findMountTarget(tree: StackTree, path: string, kind: 'folder' | 'file'): MountTarget {
  const resolved = tree.resolve(path);
  if (resolved === null) throw refuse(path, 'its symbolic links lead in a circle');
  let missing = false;
  for (const parent of parentsOf(resolved)) {
    const node = tree.get(parent);
    if (node === undefined) missing = true;
    else if (node.children === null) throw refuse(path, `${JSON.stringify(`/${parent}`)} is not a folder`);
  }
  const node = missing ? undefined : tree.get(resolved);
  if (node === undefined) return { path: resolved, isMissing: true };
  const isFolder = node.children !== null;
  if (isFolder !== (kind === 'folder'))
    throw refuse(path, isFolder ? 'it is a folder' : 'it is not a folder');
  return { path: resolved, isMissing: false };
}

/** The folders above a clean path, outermost first, without the root. */
export function parentsOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(0, -1).map((_, i) => parts.slice(0, i + 1).join('/'));
}

function refuse(path: string, why: string): AppError {
  return new AppError(
    'invalid-input',
    `${JSON.stringify(path)} of the image cannot be used for this step: ${why}.`,
  );
}
