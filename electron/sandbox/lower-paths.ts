import { AppError } from '#shared/errors/app-error.ts';
import { parentPath, splitPath } from '../image/stack-tree.ts';

/** What a path of a layer has become while the layer is unpacked. */
export type PlacedKind = 'folder' | 'symlink' | 'whiteout' | 'other';

const MAX_LINKS = 40;

/**
 * The paths that a layer has filled so far, so that where an entry goes is known without looking at the disk: no
 * entry can be led out of the layer's folder by a symlink that came before it.
 */
export class LowerPaths {
  readonly #kinds = new Map<string, { kind: PlacedKind; link: string }>();

  /** What stands at a clean path, undefined for nothing. */
  kindOf(path: string): PlacedKind | undefined {
    return path === '' ? 'folder' : this.#kinds.get(path)?.kind;
  }

  /** Remembers what an entry made; `link` is a symlink's text. */
  place(path: string, kind: PlacedKind, link = ''): void {
    this.#kinds.set(path, { kind, link });
  }

  /**
   * The clean path at which an entry called `path` lies: symlinks of this layer on the way to it are followed
   * inside the root. Throws `unsafe-archive` for a circle, `malformed` for a way through a file.
   */
  locate(path: string): string {
    const parent = parentPath(path);
    if (this.kindOf(parent) === 'folder') return path;
    const pending = splitPath(parent).reverse();
    let at = '';
    let links = 0;
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (name === '..') {
        at = parentPath(at);
        continue;
      }
      const next = at === '' ? name : `${at}/${name}`;
      const placed = this.#kinds.get(next);
      if (placed?.kind === 'other') throw throughFile(path, next);
      if (placed?.kind !== 'symlink') {
        at = next;
        continue;
      }
      links += 1;
      if (links > MAX_LINKS) throw circle(path);
      if (placed.link.startsWith('/')) at = '';
      pending.push(...splitPath(placed.link).reverse());
    }
    const name = path.slice(path.lastIndexOf('/') + 1);
    return at === '' ? name : `${at}/${name}`;
  }
}

function throughFile(path: string, file: string): AppError {
  return new AppError(
    'malformed',
    `The layer holds ${JSON.stringify(path)}, but ${JSON.stringify(file)} is a file.`,
    {
      detail: { kind: 'path', path },
    },
  );
}

function circle(path: string): AppError {
  return new AppError(
    'unsafe-archive',
    `The layer writes ${JSON.stringify(path)} through links that lead in a circle.`,
    {
      hint: 'Do not use this image unless you know who made it.',
      detail: { kind: 'path', path },
    },
  );
}
