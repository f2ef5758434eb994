import type { EntryType, LayerEntries, LayerEntry } from './layer-index.ts';

/** What an entry can be, in the order of the numbers that stand for it in tables and index files. */
export const ENTRY_TYPES: readonly EntryType[] = [
  'file',
  'directory',
  'symlink',
  'hardlink',
  'fifo',
  'char',
  'block',
  'whiteout',
  'opaque',
];

const ROWS = 256;
const NUMBERS = 6;
const HASH_BYTES = 32;
/** Stands for an entry without a content hash beside the number of its type. */
const NO_HASH = 0x80;

/** What few entries have. */
type Extras = Pick<LayerEntry, 'linkTarget' | 'xattrs' | 'devMajor' | 'devMinor' | 'sparse'>;
const NO_EXTRAS: Extras = {};

/** A part of the table: mode, uid, gid, size, mtime and offset row by row; the type of each row; the hashes. */
interface Part {
  readonly numbers: Float64Array;
  readonly types: Uint8Array;
  readonly hashes: Buffer;
}

/**
 * The entries of a layer in rows of bytes: a third of the memory that as many objects take, and nothing that the
 * garbage collector must visit. An entry is made anew each time it is asked for.
 */
export class LayerEntryTable implements LayerEntries {
  readonly #paths: string[] = [];
  readonly #parts: Part[] = [];
  readonly #extras = new Map<number, Extras>();

  get length(): number {
    return this.#paths.length;
  }

  /** Adds an entry behind all others and gives its place. Its hash must be a sha256 in hex. */
  add(entry: LayerEntry): number {
    const place = this.#paths.push(entry.path) - 1;
    const row = place % ROWS;
    const { numbers, types } = row === 0 ? this.#addPart() : (this.#parts.at(-1) as Part);
    const at = row * NUMBERS;
    numbers[at] = entry.mode;
    numbers[at + 1] = entry.uid;
    numbers[at + 2] = entry.gid;
    numbers[at + 3] = entry.size;
    numbers[at + 4] = entry.mtime;
    numbers[at + 5] = entry.offset;
    types[row] = ENTRY_TYPES.indexOf(entry.type) | NO_HASH;
    if (entry.contentHash !== undefined) this.setHash(place, entry.contentHash);
    const extras = extrasOf(entry);
    if (extras !== null) this.#extras.set(place, extras);
    return place;
  }

  /** Sets the content hash of an entry once it is known. */
  setHash(place: number, contentHash: string): void {
    const { types, hashes } = this.#parts[Math.floor(place / ROWS)] as Part;
    const row = place % ROWS;
    types[row] = (types[row] as number) & ~NO_HASH;
    hashes.write(contentHash, row * HASH_BYTES, 'hex');
  }

  at(place: number): LayerEntry | undefined {
    const path = this.#paths[place];
    const part = this.#parts[Math.floor(place / ROWS)];
    if (path === undefined || part === undefined) return undefined;
    const row = place % ROWS;
    const at = row * NUMBERS;
    const { numbers, hashes } = part;
    const type = part.types[row] as number;
    const { linkTarget, xattrs, devMajor, devMinor, sparse } = this.#extras.get(place) ?? NO_EXTRAS;
    return {
      path,
      type: ENTRY_TYPES[type & ~NO_HASH] as EntryType,
      mode: numbers[at] as number,
      uid: numbers[at + 1] as number,
      gid: numbers[at + 2] as number,
      size: numbers[at + 3] as number,
      mtime: numbers[at + 4] as number,
      linkTarget,
      offset: numbers[at + 5] as number,
      contentHash:
        type & NO_HASH ? undefined : hashes.toString('hex', row * HASH_BYTES, (row + 1) * HASH_BYTES),
      xattrs,
      devMajor,
      devMinor,
      sparse,
    };
  }

  *[Symbol.iterator](): Generator<LayerEntry, void, void> {
    for (let place = 0; place < this.length; place += 1) yield this.at(place) as LayerEntry;
  }

  #addPart(): Part {
    const part = {
      numbers: new Float64Array(ROWS * NUMBERS),
      types: new Uint8Array(ROWS),
      hashes: Buffer.allocUnsafeSlow(ROWS * HASH_BYTES),
    };
    this.#parts.push(part);
    return part;
  }
}

function extrasOf({ linkTarget, xattrs, devMajor, devMinor, sparse }: LayerEntry): Extras | null {
  const isOrdinary =
    linkTarget === undefined &&
    xattrs === undefined &&
    devMajor === undefined &&
    devMinor === undefined &&
    sparse === undefined;
  return isOrdinary ? null : { linkTarget, xattrs, devMajor, devMinor, sparse };
}
