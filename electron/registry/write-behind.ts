import type { BlobWriter } from '../image/blob-store.ts';

/** Bytes that are written at once: the network hands over a sixteenth of it at a time. */
const BLOCK = 1024 * 1024;

/** Gathers the small chunks of a transfer into blocks, and writes one block while the next is gathered. */
export class WriteBehind {
  readonly #writer: BlobWriter;
  #filling: Buffer;
  #other: Buffer;
  #filled = 0;
  #writing: Promise<void> = Promise.resolve();

  /** `size`: bytes that will come in all. */
  constructor(writer: BlobWriter, size: number) {
    this.#writer = writer;
    this.#filling = Buffer.allocUnsafe(Math.max(0, Math.min(size, BLOCK)));
    this.#other = Buffer.allocUnsafe(size > BLOCK ? BLOCK : 0);
  }

  /** Takes a chunk; throws what writing an earlier one threw. */
  async write(chunk: Uint8Array): Promise<void> {
    if (this.#filling.length === 0) return this.#writer.write(chunk);
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + this.#filling.length - this.#filled);
      this.#filling.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === this.#filling.length) await this.#writeBlock();
    }
  }

  /** Writes what was gathered. Nothing may be written afterwards. */
  async flush(): Promise<void> {
    if (this.#filled > 0) await this.#writeBlock();
    await this.#writing;
  }

  async #writeBlock(): Promise<void> {
    await this.#writing;
    const block = this.#filling.subarray(0, this.#filled);
    [this.#filling, this.#other] = [this.#other, this.#filling];
    this.#filled = 0;
    this.#writing = this.#writer.write(block);
    // Thrown by whoever comes next.
    this.#writing.catch(() => undefined);
  }
}
