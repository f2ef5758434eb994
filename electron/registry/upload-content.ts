import { Readable } from 'node:stream';
import type { Digest } from '#shared/oci/digest.ts';

/** A blob to be sent, which can be read as often as it takes. */
export interface BlobContent {
  readonly digest: Digest;
  readonly size: number;
  /** The bytes from `start` on. */
  open(start: number, signal?: AbortSignal): Promise<Readable>;
}

/** Content that is at hand. */
export function contentOfBytes(digest: Digest, bytes: Uint8Array): BlobContent {
  return {
    digest,
    size: bytes.length,
    open: async (start) => Readable.from([Buffer.from(bytes.subarray(start))], { objectMode: false }),
  };
}

/** Content that can only be read from its beginning: what lies before `start` is passed over. */
export function contentOfStream(
  digest: Digest,
  size: number,
  openWhole: (signal?: AbortSignal) => Promise<Readable>,
): BlobContent {
  return {
    digest,
    size,
    open: async (start, signal) => {
      const whole = await openWhole(signal);
      return start === 0 ? whole : Readable.from(passOver(whole, start), { objectMode: false });
    },
  };
}

/** The same bytes as a stream that tells how many have gone through. */
export function counted(source: Readable, onCount: (bytes: number) => void): Readable {
  async function* count(): AsyncGenerator<Buffer> {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      yield chunk;
      onCount(chunk.length);
    }
  }
  return Readable.from(count(), { objectMode: false, highWaterMark: 1024 * 1024 });
}

async function* passOver(source: Readable, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    const wanted = left > 0 ? chunk.subarray(Math.min(left, chunk.length)) : chunk;
    left -= chunk.length - wanted.length;
    if (wanted.length > 0) yield wanted;
  }
}
