import type { BlobWriter } from '../image/blob-store.ts';
import { giveBack } from './receive-memory.ts';

/** Bytes that are written at once at least, for each write takes a turn of the event loop: see receive-memory.ts. */
const BLOCK = 512 * 1024;

/** Pieces that are written at once at most, however small they are. */
const PIECES = 256;

/** Gathers the chunks of a transfer, and writes what was gathered while the next ones come. */
export class WriteBehind {
  readonly #writer: BlobWriter;
  #pieces: Uint8Array[] = [];
  #size = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(writer: BlobWriter) {
    this.#writer = writer;
  }

  /** Takes a chunk, whose bytes may not change any more; throws what writing an earlier one threw. */
  async write(chunk: Uint8Array): Promise<void> {
    this.#pieces.push(chunk);
    this.#size += chunk.length;
    if (this.#size >= BLOCK || this.#pieces.length >= PIECES) await this.#writePieces();
  }

  /** Writes what was gathered. Nothing may be written afterwards. */
  async flush(): Promise<void> {
    if (this.#pieces.length > 0) await this.#writePieces();
    await this.#writing;
  }

  async #writePieces(): Promise<void> {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#size = 0;
    await this.#writing;
    this.#writing = this.#writer.write(...pieces).then(() => pieces.forEach(giveBack));
    // Thrown by whoever comes next.
    this.#writing.catch(() => undefined);
  }
}
