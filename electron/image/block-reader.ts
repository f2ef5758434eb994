import { AppError } from '#shared/errors/app-error.ts';
import { decompressMember } from './gzip-members.ts';
import type { LayerEntry, LayerIndex } from './layer-index.ts';

/** Reads bytes of a blob; null where they are not there. */
export type ReadBytes = (start: number, end: number) => Promise<Buffer | null>;

interface Block {
  readonly number: number;
  /** Where it begins in the tar. */
  readonly start: number;
  readonly bytes: Buffer;
}

/**
 * Contents of files of one gzip layer with seek points. Asked for in the order of the tar, each block is read and
 * decompressed once.
 */
export class BlockReader {
  readonly #index: LayerIndex;
  readonly #size: number;
  readonly #read: ReadBytes;
  #last: Block | null = null;

  /** `size` is that of the blob. */
  constructor(index: LayerIndex, size: number, read: ReadBytes) {
    this.#index = index;
    this.#size = size;
    this.#read = read;
  }

  /** The content of a file in pieces. Throws `malformed` where the blob does not hold it. */
  async *content(entry: LayerEntry): AsyncGenerator<Uint8Array, void, void> {
    const end = entry.offset + entry.size;
    for (let at = entry.offset; at < end; ) {
      const block = await this.#blockAt(at);
      const piece = block.bytes.subarray(at - block.start, end - block.start);
      yield piece;
      at += piece.length;
    }
  }

  async #blockAt(position: number): Promise<Block> {
    const points = this.#index.seekPoints;
    const number = points.findLastIndex(({ uncompressed }) => uncompressed <= position);
    if (this.#last?.number === number) return this.#last;
    const [point, next] = [points[number], points[number + 1]];
    if (point === undefined) throw damaged();
    const start = point.uncompressed;
    const member = await this.#read(point.compressed, next?.compressed ?? this.#size);
    const size = (next?.uncompressed ?? this.#index.tarSize) - start;
    const bytes = member === null ? null : await decompressMember(member, size);
    if (bytes === null || position - start >= size) throw damaged();
    this.#last = { number, start, bytes };
    return this.#last;
  }
}

function damaged(): AppError {
  return new AppError('malformed', 'A layer in the store does not hold what its index says.');
}
