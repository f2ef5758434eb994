import { readlinkSync } from 'node:fs';
import { AppError } from '#shared/errors/app-error.ts';
import { errnoOf } from '../../platform/file-errors.ts';
import { cleanPath, pathInRoot } from './clean-path.ts';
import { contextReadError } from './context-error.ts';

/** The target of a symbolic link at a path within the root; null when there is none there. */
export type LinkReader = (path: string) => string | null;

/** Where a path leads within its root. */
export interface ResolvedPath {
  /** Without leading `/`; empty for the root. */
  readonly path: string;
  /** The links that were followed, in order. */
  readonly links: readonly string[];
}

/** As many as Linux and the reference implementation follow at most. */
const MAX_LINKS = 255;

/**
 * Follows the symbolic links of a path, the last component's too, as if the root were `/`: absolute targets begin
 * there and `..` stops there, so that nothing outside is ever reached. What does not exist stays as written. Throws
 * `invalid-input` for a loop.
 */
export function resolveInRoot(path: string, readLink: LinkReader): ResolvedPath {
  const todo = pathInRoot(path).split('/').filter(Boolean).reverse();
  const links: string[] = [];
  let current: string[] = [];
  for (let part = todo.pop(); part !== undefined; part = todo.pop()) {
    if (part === '.' || part === '') continue;
    if (part === '..') {
      current.pop();
      continue;
    }
    const candidate = [...current, part];
    const target = readLink(candidate.join('/'));
    if (target === null) {
      current = candidate;
      continue;
    }
    links.push(candidate.join('/'));
    if (links.length > MAX_LINKS) throw loop(path);
    if (target.startsWith('/')) current = [];
    todo.push(...target.split('/').reverse());
  }
  return { path: current.join('/'), links };
}

/** Reads links of a folder on this machine. */
export function linkReaderOf(root: string): LinkReader {
  return (path) => {
    const absolute = `${root}/${path}`;
    try {
      return toPosix(readlinkSync(absolute));
    } catch (error) {
      const code = errnoOf(error) ?? '';
      if (['EINVAL', 'ENOENT', 'ENOTDIR', 'UNKNOWN'].includes(code)) return null;
      throw contextReadError(error, absolute);
    }
  };
}

/** A link target with forward slashes on Windows; elsewhere a backslash is a character like any other. */
export function toPosix(target: string): string {
  return process.platform === 'win32' ? target.replaceAll('\\', '/') : target;
}

function loop(path: string): AppError {
  return new AppError('invalid-input', `${cleanPath(path)} is a symbolic link that leads to itself.`, {
    hint: 'Correct the link, or name the real file.',
    detail: { kind: 'path', path },
  });
}
