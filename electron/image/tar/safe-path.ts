import { AppError } from '#shared/errors/app-error.ts';

/** Linux's PATH_MAX: a longer path cannot be opened by name, and depth stays bounded by it. */
const MAX_PATH = 4096;
const WHITEOUT = '.wh.';
const AUFS = '.wh..wh.';
const OPAQUE = '.wh..wh..opq';

/**
 * The clean relative form of a path or hard link target of an archive: no leading `/` or `./`, no doubled or
 * trailing `/`; `''` is the root. Throws `unsafe-archive` for any `..` component, a NUL, or more than 4096
 * characters: a `..` that stays inside the root could still pass through a symlink.
 */
export function cleanEntryPath(raw: string): string {
  if (raw.length > MAX_PATH) throw unsafe(raw, 'its path is longer than 4096 characters');
  if (raw.includes('\0')) throw unsafe(raw, 'its path holds a NUL character');
  if (isClean(raw)) return raw;
  const parts: string[] = [];
  for (const part of raw.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') throw unsafe(raw, 'its path has a ".." that could lead out of the archive');
    parts.push(part);
  }
  return parts.join('/');
}

/** Whether `path` is what {@link cleanEntryPath} would make of it. */
export function isCleanPath(path: string): boolean {
  if (path.length > MAX_PATH || path.includes('\0')) return false;
  return path === '' || isClean(path) || path.split('/').every((part) => !/^\.{0,2}$/.test(part));
}

/** Quick test for the usual case; a component that begins with a dot goes the long way. */
function isClean(path: string): boolean {
  const first = path.charCodeAt(0);
  if (first === 0x2e || first === 0x2f || path.endsWith('/')) return false;
  return !path.includes('//') && !path.includes('/.');
}

/** What a `.wh.` name means. `ignored` is AUFS's own bookkeeping (`.wh..wh.plnk`), which no file system shows. */
export interface Whiteout {
  readonly type: 'whiteout' | 'opaque' | 'ignored';
  /** The path that is hidden, or the directory that is opaque. */
  readonly path: string;
}

/** Reads a clean path as a whiteout (image-spec, layer); null for any other path. Throws `unsafe-archive`. */
export function parseWhiteout(path: string): Whiteout | null {
  const slash = path.lastIndexOf('/');
  if (!path.startsWith(WHITEOUT, slash + 1)) return null;
  const parent = slash < 0 ? '' : path.slice(0, slash);
  const base = path.slice(slash + 1);
  if (base === OPAQUE) return { type: 'opaque', path: parent };
  if (base.startsWith(AUFS)) return { type: 'ignored', path };
  const hidden = base.slice(WHITEOUT.length);
  if (hidden === '' || hidden === '.' || hidden === '..')
    throw unsafe(path, 'it is a whiteout that names no file');
  return { type: 'whiteout', path: parent === '' ? hidden : `${parent}/${hidden}` };
}

/** The name under which a layer's tar holds the whiteout of `path`, or the opaque mark of directory `path`. */
export function whiteoutName(type: 'whiteout' | 'opaque', path: string): string {
  if (type === 'opaque') return path === '' ? OPAQUE : `${path}/${OPAQUE}`;
  const slash = path.lastIndexOf('/');
  return `${path.slice(0, slash + 1)}${WHITEOUT}${path.slice(slash + 1)}`;
}

function unsafe(path: string, why: string): AppError {
  const shown = JSON.stringify(path.length > 200 ? `${path.slice(0, 200)}…` : path);
  return new AppError('unsafe-archive', `The archive entry ${shown} is refused: ${why}.`, {
    hint: 'Do not use this archive or image unless you know who made it.',
    detail: { kind: 'path', path: path.slice(0, MAX_PATH) },
  });
}
