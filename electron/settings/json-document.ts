import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { readFileIfThere, writeFileAtomic } from '../platform/atomic-file.ts';
import { isMissing } from '../platform/file-errors.ts';

/** Told when a broken file was set aside: `kept` is where it is now. */
export type BrokenFileNotice = (notice: { path: string; kept: string; cause: unknown }) => void;

/**
 * One JSON file with a schema. It is read at each use, because the window and the CLI share it; a broken one is
 * set aside beside it and the default used. Writes go one after the other, each atomic.
 */
export class JsonDocument<T> {
  readonly path: string;
  readonly #schema: z.ZodType<T>;
  readonly #fallback: () => T;
  readonly #onBroken: BrokenFileNotice;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(path: string, schema: z.ZodType<T>, fallback: () => T, onBroken: BrokenFileNotice) {
    this.path = path;
    this.#schema = schema;
    this.#fallback = fallback;
    this.#onBroken = onBroken;
  }

  /** What the file holds, the default when there is none. Throws what reading the disk throws. */
  async read(): Promise<T> {
    const bytes = await readFileIfThere(this.path);
    if (bytes === null) return this.#fallback();
    try {
      return this.#schema.parse(JSON.parse(bytes.toString('utf8')));
    } catch (cause) {
      await this.#setAside(cause);
      return this.#fallback();
    }
  }

  async #setAside(cause: unknown): Promise<void> {
    const kept = `${this.path}.broken-${Date.now()}`;
    try {
      await rename(this.path, kept);
    } catch (error) {
      // Another reader has set it aside meanwhile.
      if (isMissing(error)) return;
      throw error;
    }
    this.#onBroken({ path: this.path, kept, cause });
  }

  /** Reads, changes and writes as one step against other updates of this process; answers the new value. Nothing new is not written. */
  update(change: (value: T) => T): Promise<T> {
    const next = this.#tail.then(async () => {
      const before = await this.read();
      const value = this.#schema.parse(change(before));
      if (isDeepStrictEqual(value, before) && existsSync(this.path)) return value;
      await writeFileAtomic(this.path, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
      return value;
    });
    this.#tail = next.catch(() => {});
    return next;
  }
}
