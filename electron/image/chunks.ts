import { setImmediate } from 'node:timers/promises';

/** Bytes that are worked on in one go: a few milliseconds of hashing and parsing. */
const SLICE = 1 << 20;

/**
 * The same bytes in pieces of at most 1 MiB, with a pause for other work between the pieces of a large chunk,
 * so that a source which hands over everything at once does not hold up the process.
 */
export async function* boundedChunks(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of source) {
    if (chunk.length <= SLICE) {
      yield chunk;
      continue;
    }
    for (let at = 0; at < chunk.length; at += SLICE) {
      yield chunk.subarray(at, at + SLICE);
      await setImmediate();
    }
  }
}

/** Bytes of a stream gathered in one buffer. For small things only. */
export async function collectBytes(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
}

/** The bytes `start` to `end` (exclusive) of a stream; stops reading it at the end. */
export async function* sliceBytes(
  source: AsyncIterable<Uint8Array>,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array, void, void> {
  let position = 0;
  for await (const chunk of source) {
    const from = Math.max(0, start - position);
    const to = Math.min(chunk.length, end - position);
    if (from < to) yield chunk.subarray(from, to);
    position += chunk.length;
    if (position >= end) return;
  }
}
