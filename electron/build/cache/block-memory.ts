import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Digest } from '#shared/oci/digest.ts';
import type { KnownBlocks, WrittenBlock } from '../../image/known-blocks.ts';
import { readJsonIfThere, writeFileAtomic } from '../../platform/atomic-file.ts';

/** How many blocks are kept for one Dockerfile: those of a few contexts of 100,000 files. */
const KEPT = 4096;

interface BlockPlace {
  readonly blob: Digest;
  readonly start: number;
  readonly end: number;
}

/** Reads a part of a blob, null where the blob is not there. */
export type ReadPart = (blob: Digest, start: number, end: number) => Promise<Buffer | null>;

/**
 * Where the blocks of the layers lie that builds of one Dockerfile copied together, the ones used last first. A layer
 * that is copied again after a small change is put together from them: what did not change is neither read nor
 * compressed again.
 */
export class BlockMemory implements KnownBlocks {
  readonly #file: string;
  readonly #read: ReadPart;
  readonly #used = new Map<string, BlockPlace>();
  #earlier: ReadonlyMap<string, BlockPlace> = new Map();
  #loading: Promise<void> | null = null;
  #isChanged = false;

  /** `folder` keeps one file for each Dockerfile. */
  constructor(folder: string, dockerfilePath: string, read: ReadPart) {
    this.#file = join(folder, `${createHash('sha256').update(dockerfilePath).digest('hex')}.json`);
    this.#read = read;
  }

  /** Reads what earlier builds kept, once; a missing or damaged file counts as empty. */
  load(): Promise<void> {
    this.#loading ??= readJsonIfThere(this.#file).then((value) => {
      this.#earlier = decode(value);
    });
    return this.#loading;
  }

  find(key: string): Promise<Buffer | null> | null {
    const place = this.#used.get(key) ?? this.#earlier.get(key);
    if (place === undefined) return null;
    return this.#read(place.blob, place.start, place.end).catch(() => null);
  }

  /** Keeps where the blocks of a layer lie. */
  note(blob: Digest, blocks: readonly WrittenBlock[]): void {
    for (const { key, start, end } of blocks) {
      this.#isChanged ||= !this.#earlier.has(key);
      this.#used.set(key, { blob, start, end });
    }
  }

  /** Saves in one step, if there is anything new. */
  async save(): Promise<void> {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    const all = new Map([...this.#used, ...[...this.#earlier].filter(([key]) => !this.#used.has(key))]);
    await writeFileAtomic(this.#file, encode([...all].slice(0, KEPT)), { sync: false });
  }
}

/** `[[blob, ...], [[key, number of blob, start, end], ...]]` */
function encode(blocks: readonly (readonly [string, BlockPlace])[]): string {
  const blobs = [...new Set(blocks.map(([, { blob }]) => blob))];
  const numbers = new Map(blobs.map((blob, at) => [blob, at]));
  return JSON.stringify([
    blobs,
    blocks.map(([key, { blob, start, end }]) => [key, numbers.get(blob), start, end]),
  ]);
}

function decode(value: unknown): Map<string, BlockPlace> {
  const places = new Map<string, BlockPlace>();
  const [blobs, blocks] = Array.isArray(value) ? value : [];
  if (!Array.isArray(blobs) || !Array.isArray(blocks)) return places;
  for (const block of blocks) {
    const [key, number, start, end] = Array.isArray(block) ? block : [];
    const blob: unknown = blobs[number];
    if (typeof key !== 'string' || typeof blob !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(blob)) continue;
    if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end <= start) continue;
    places.set(key, { blob: blob as Digest, start, end });
  }
  return places;
}
