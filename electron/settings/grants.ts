import { dirname, resolve } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { isWithin } from '../platform/is-within.ts';

/** Paths that a person chose: the only ones the page may make the core read or write. */
export class Grants {
  readonly #paths = new Set<string>();

  /** Remembers a chosen path for as long as the host runs. */
  add(path: string): void {
    this.#paths.add(resolve(path));
  }

  /** Whether the path itself was chosen. */
  has(path: string): boolean {
    return this.#paths.has(resolve(path));
  }

  /** The path, made absolute. Throws `forbidden` unless it was chosen. */
  require(path: string): string {
    const full = resolve(path);
    if (!this.#paths.has(full)) refuse(full);
    return full;
  }

  /** Throws `forbidden` unless `path`, relative to `folder`, lies below it or was chosen itself. */
  requireWithin(folder: string, path: string): void {
    const full = resolve(folder, path);
    if (!isWithin(full, resolve(folder)) && !this.#paths.has(full)) refuse(full);
  }

  /** The path of something new: chosen itself, or directly within a chosen folder. Throws `forbidden`. */
  requireNew(path: string): string {
    const full = resolve(path);
    if (!this.#paths.has(full) && !this.#paths.has(dirname(full))) refuse(full);
    return full;
  }
}

function refuse(path: string): never {
  throw new AppError('forbidden', `${path} was not chosen in Strata.`, {
    hint: 'Choose the folder or file with the button or by dropping it on the window.',
    detail: { kind: 'path', path },
  });
}
