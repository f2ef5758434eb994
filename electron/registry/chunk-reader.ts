import type { Readable } from 'node:stream';
import type { BlobContent } from './upload-content.ts';

/** Reads a blob in pieces, going on in one stream as long as each piece follows the one before. */
export class ChunkReader {
  readonly #content: BlobContent;
  readonly #signal: AbortSignal | undefined;
  #stream: Readable | undefined;
  #chunks: AsyncIterator<Buffer> | undefined;
  #rest: Buffer = Buffer.alloc(0);
  #at = 0;

  constructor(content: BlobContent, signal: AbortSignal | undefined) {
    this.#content = content;
    this.#signal = signal;
  }

  /** The `length` bytes at `at`; fewer where the content ends before. */
  async read(at: number, length: number): Promise<Buffer> {
    if (this.#chunks === undefined || at !== this.#at) await this.#openAt(at);
    const parts = [this.#rest];
    let size = this.#rest.length;
    while (size < length) {
      const next = await this.#chunks?.next();
      if (next === undefined || next.done === true) break;
      parts.push(next.value);
      size += next.value.length;
    }
    const all = parts.length === 1 ? this.#rest : Buffer.concat(parts, size);
    const piece = all.subarray(0, length);
    this.#rest = all.subarray(length);
    this.#at = at + piece.length;
    return piece;
  }

  close(): void {
    this.#stream?.destroy();
  }

  async #openAt(at: number): Promise<void> {
    this.close();
    this.#stream = await this.#content.open(at, this.#signal);
    this.#chunks = (this.#stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    this.#rest = Buffer.alloc(0);
    this.#at = at;
  }
}
