import { createHash, type Hash } from 'node:crypto';
import { type Digest, splitDigest } from '#shared/oci/digest.ts';

/** A blob that is hashed while it is read. */
export class HashedBlob {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #algorithm: string;
  readonly #hash: Hash;

  /** Hashed by the algorithm of `claimed`. */
  constructor(source: AsyncIterable<Uint8Array>, claimed: Digest) {
    this.#source = source[Symbol.asyncIterator]();
    this.#algorithm = splitDigest(claimed).algorithm;
    this.#hash = createHash(this.#algorithm);
  }

  /** The bytes, as far as they are wanted. */
  async *bytes(): AsyncGenerator<Uint8Array, void, void> {
    for (let next = await this.#source.next(); next.done !== true; next = await this.#source.next()) {
      this.#hash.update(next.value);
      yield next.value;
    }
  }

  /** Reads what is left, since packed data may end before its file does, and tells what the blob is. */
  async digest(): Promise<Digest> {
    for await (const _ of this.bytes());
    return `${this.#algorithm}:${this.#hash.digest('hex')}` as Digest;
  }
}
