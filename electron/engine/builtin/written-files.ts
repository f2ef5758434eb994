import { createHash, randomBytes } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import { AppError } from '#shared/errors/app-error.ts';
import { writeFileAtomic } from '../../platform/atomic-file.ts';

/** Changes that can be taken back, the newest of this process. */
const KEPT = 50;

interface Written {
  readonly path: string;
  readonly before: string;
  /** Of the text that was written. */
  readonly fingerprint: string;
}

/** Stands for a whole text. */
export function fingerprintOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Writes text files of the user, and takes that back as long as nobody else has written them since. */
export class WrittenFiles {
  readonly #written = new Map<string, Written>();

  /** Replaces a text; answers what {@link undo} takes. Throws `unsupported` for a link and for what is no UTF-8. */
  async write(path: string, before: string, after: string): Promise<string> {
    if (!(await readFile(path)).equals(Buffer.from(before)))
      throw new AppError('unsupported', `${path} is no UTF-8 text, or is being written by another program.`, {
        hint: 'Save it as UTF-8, and try again.',
        detail: { kind: 'path', path },
      });
    await replace(path, after);
    const id = randomBytes(12).toString('hex');
    this.#written.set(id, { path, before, fingerprint: fingerprintOf(after) });
    const oldest = this.#written.keys().next().value;
    if (this.#written.size > KEPT && oldest !== undefined) this.#written.delete(oldest);
    return id;
  }

  /** Writes the text from before again. Throws `not-found` for what is not known, `conflict` where it changed since. */
  async undo(id: string): Promise<{ path: string }> {
    const written = this.#written.get(id);
    if (written === undefined)
      throw new AppError('not-found', 'This change is too long ago to be taken back.', {
        hint: 'Change the line by hand.',
      });
    const { path, before, fingerprint } = written;
    if (fingerprintOf(await readFile(path, 'utf8')) !== fingerprint)
      throw changedMeanwhile(path, 'the base was pinned', 'Take the digest out by hand.');
    await replace(path, before);
    this.#written.delete(id);
    return { path };
  }
}

/** The error for a file that somebody else wrote after `event`. */
export function changedMeanwhile(path: string, event: string, hint: string): AppError {
  return new AppError('conflict', `${path} was changed after ${event}.`, {
    hint,
    detail: { kind: 'path', path },
  });
}

async function replace(path: string, text: string): Promise<void> {
  const info = await lstat(path);
  if (!info.isFile())
    throw new AppError('unsupported', `${path} is a link; Strata does not write through links.`, {
      hint: 'Pin the base in the file that it leads to.',
      detail: { kind: 'path', path },
    });
  await writeFileAtomic(path, text, { mode: info.mode & 0o777 });
}
