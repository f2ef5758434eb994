import type { Digest } from '#shared/oci/digest.ts';
import { readFileIfThere, writeFileAtomic } from '../../platform/atomic-file.ts';
import { createSlice } from '../../platform/yield.ts';
import type { ContextEntry } from './context-entry.ts';
import { decodeDigestFile, encodeDigestFile } from './digest-file.ts';
import { DigestTable } from './digest-table.ts';
import { FreshContents } from './fresh-contents.ts';
import { hashBytes, hashLargeFile, readSmallFile, sha256Digest } from './hash-file.ts';

/** Up to here a file is read at once, which is several times faster; it takes well under a millisecond. */
const SMALL_BYTES = 128 * 1024;
/** How many large files are read at the same time. */
const LARGE_AT_ONCE = 4;
/** The coarsest clock of a file system in use (FAT): a file this young may change again unnoticed. */
const RACY_MS = 2000;

/**
 * Content digests (sha256) of the files of one context, remembered by path, size, times and inode, so that an
 * unchanged file is not read again. As in git, a file whose time is not clearly before the moment its digest was
 * recorded is not trusted.
 */
export class FileDigests {
  /** Contents that were read, for who reads them next. */
  readonly fresh = new FreshContents();
  /** Seen are the paths asked for since the file was loaded. */
  #records = new DigestTable();
  #saved: string | null = null;
  #recalled: Promise<void> | null = null;
  #isChanged = false;
  #reads = 0;

  /** How many files were read since this was made. */
  get reads(): number {
    return this.#reads;
  }

  /** Takes over what an earlier build saved, once it is needed; a missing, foreign or damaged file counts as empty. */
  load(file: string): void {
    this.#saved = file;
  }

  /**
   * Saves in one step what is new. Paths nobody asked for are kept, as another Dockerfile may want them, until they
   * outnumber the others.
   */
  async save(file: string): Promise<void> {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    if (this.#records.size > 2 * this.#records.seen) this.#records = this.#records.onlySeen();
    await writeFileAtomic(file, await encodeDigestFile(this.#records), { sync: false });
  }

  /** The digest of an entry if it was asked for before or read now, and can be trusted. */
  known(entry: ContextEntry): Digest | undefined {
    const place = this.#trusted(entry);
    if (place === null) return undefined;
    this.#records.seeAt(place);
    return sha256Digest(this.#records.hexAt(place));
  }

  /** Whether `known` has a digest. */
  isKnown(entry: ContextEntry): boolean {
    return this.#trusted(entry) !== null;
  }

  #trusted(entry: ContextEntry): number | null {
    return this.#records.find(entry.path, entry, RACY_MS);
  }

  /** The digest that was found last for a path: that of its content now, after `readAll`. */
  found(path: string): Digest | undefined {
    const record = this.#records.get(path);
    return record === undefined ? undefined : sha256Digest(record.hex);
  }

  /**
   * Finds the digests of all files among the entries. Small files are read in slices of a few milliseconds, large ones
   * beside them in pieces. Throws `permission` and `not-found`.
   */
  async readAll(entries: Iterable<ContextEntry>, root: string, signal?: AbortSignal): Promise<void> {
    await this.#recall();
    const large: ContextEntry[] = [];
    const slice = createSlice();
    let count = 0;
    for (const entry of entries) {
      if (entry.type !== 'file') continue;
      const place = this.#trusted(entry);
      const isKnown = place !== null;
      if (isKnown) this.#records.seeAt(place);
      if (!isKnown && entry.size > SMALL_BYTES) large.push(entry);
      else if (!isKnown) this.#readSmall(entry, `${root}/${entry.path}`);
      count += 1;
      if ((isKnown && count % 64 !== 0) || !slice.due()) continue;
      await slice.pause();
      signal?.throwIfAborted();
    }
    await this.#readAllLarge(large, root, signal);
  }

  #recall(): Promise<void> {
    this.#recalled ??= this.#readSaved();
    return this.#recalled;
  }

  async #readSaved(): Promise<void> {
    const bytes = this.#saved === null ? null : await readFileIfThere(this.#saved);
    if (bytes !== null) this.#records = await decodeDigestFile(bytes);
  }

  async #readAllLarge(
    entries: readonly ContextEntry[],
    root: string,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const queue = [...entries].reverse();
    const work = async (): Promise<void> => {
      for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
        await this.#readLarge(entry, `${root}/${entry.path}`, signal);
      }
    };
    await Promise.all(Array.from({ length: LARGE_AT_ONCE }, work));
  }

  #readSmall(entry: ContextEntry, path: string): void {
    const recordedAt = Date.now();
    const content = readSmallFile(path, entry.size);
    this.fresh.keep(entry.path, content);
    this.#remember(entry, recordedAt, hashBytes(content));
  }

  async #readLarge(entry: ContextEntry, path: string, signal: AbortSignal | undefined): Promise<void> {
    const recordedAt = Date.now();
    this.#remember(entry, recordedAt, await hashLargeFile(path, signal));
  }

  #remember(entry: ContextEntry, recordedAt: number, hex: string): void {
    const { size, mtimeMs, ctimeMs, ino } = entry;
    this.#records.set(entry.path, { size, mtimeMs, ctimeMs, ino, recordedAt, hex });
    this.#records.see(entry.path);
    this.#isChanged = true;
    this.#reads += 1;
  }
}
