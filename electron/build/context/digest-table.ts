import { HashRows, NumberRows } from '../../platform/rows.ts';

/** What is known of one file's content. */
export interface DigestRecord {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly ino: number;
  /** When reading began, in milliseconds of the system's clock. */
  readonly recordedAt: number;
  /** The sha256 in hex. */
  readonly hex: string;
}

/** What tells without reading whether a file is as it was. */
export type FileFacts = Pick<DigestRecord, 'size' | 'mtimeMs' | 'ctimeMs' | 'ino'>;

/** Records by path. */
export interface DigestRecords extends Iterable<readonly [string, DigestRecord]> {
  readonly size: number;
}

/** The columns of numbers. */
const [SIZE, MTIME, CTIME, INO, RECORDED, SEEN, COLUMNS] = [0, 1, 2, 3, 4, 5, 6];

/** Records of very many files in rows; a record is made anew each time it is asked for. */
export class DigestTable implements DigestRecords {
  readonly #places = new Map<string, number>();
  readonly #numbers = new NumberRows(COLUMNS);
  readonly #hashes = new HashRows();
  #seen = 0;

  get size(): number {
    return this.#places.size;
  }

  /** How many paths were marked as seen. */
  get seen(): number {
    return this.#seen;
  }

  get(path: string): DigestRecord | undefined {
    const place = this.#places.get(path);
    return place === undefined ? undefined : this.#record(place);
  }

  /**
   * Where the record of a path stands, null unless it is of a file with the same size, times and inode, whose times
   * were more than `ms` in the past when it was made. Asked for each file of a build, so no record is made for it.
   */
  find(path: string, { size, mtimeMs, ctimeMs, ino }: FileFacts, ms: number): number | null {
    const place = this.#places.get(path);
    if (place === undefined) return null;
    const numbers = this.#numbers;
    const isSame =
      numbers.get(place, SIZE) === size &&
      numbers.get(place, MTIME) === mtimeMs &&
      numbers.get(place, CTIME) === ctimeMs &&
      numbers.get(place, INO) === ino;
    return isSame && Math.max(mtimeMs, ctimeMs) < numbers.get(place, RECORDED) - ms ? place : null;
  }

  /** The digest of the record at a place, in hex. */
  hexAt(place: number): string {
    return this.#hashes.get(place);
  }

  /** Sets the record of a path, which stays seen if it was. */
  set(path: string, { size, mtimeMs, ctimeMs, ino, recordedAt, hex }: DigestRecord): void {
    const place = this.#places.get(path) ?? this.#places.size;
    const seen = this.#numbers.get(place, SEEN);
    this.#places.set(path, place);
    this.#numbers.setRow(place, size, mtimeMs, ctimeMs, ino, recordedAt, seen);
    this.#hashes.set(place, hex);
  }

  /** Marks a path that has a record. */
  see(path: string): void {
    const place = this.#places.get(path);
    if (place !== undefined) this.seeAt(place);
  }

  /** Marks the record at a place. */
  seeAt(place: number): void {
    if (this.#numbers.get(place, SEEN) === 1) return;
    this.#numbers.set(place, SEEN, 1);
    this.#seen += 1;
  }

  /** A table of the seen alone. */
  onlySeen(): DigestTable {
    const table = new DigestTable();
    for (const [path, place] of this.#places) {
      if (this.#numbers.get(place, SEEN) !== 1) continue;
      table.set(path, this.#record(place));
      table.see(path);
    }
    return table;
  }

  *[Symbol.iterator](): Generator<readonly [string, DigestRecord], void, void> {
    for (const [path, place] of this.#places) yield [path, this.#record(place)];
  }

  #record(place: number): DigestRecord {
    const numbers = this.#numbers;
    return {
      size: numbers.get(place, SIZE),
      mtimeMs: numbers.get(place, MTIME),
      ctimeMs: numbers.get(place, CTIME),
      ino: numbers.get(place, INO),
      recordedAt: numbers.get(place, RECORDED),
      hex: this.#hashes.get(place),
    };
  }
}
