import type { Transform } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';

/** Small, because a few bytes of zstd may unpack to megabytes before control comes back. */
const INPUT_SLICE = 4096;
/** Milliseconds to work before others get their turn. */
const TURN = 10;

/** Makes a zstd decompressor of the runtime; absent before Node 22.15. */
export function nativeZstd(options: { chunkSize: number }): Transform | null {
  const create: unknown = Reflect.get(zlib, 'createZstdDecompress');
  return typeof create === 'function' ? (create(options) as Transform) : null;
}

/** Unpacks zstd in JavaScript, any number of frames. What fzstd throws passes through. */
export async function* unpackZstd(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  let output: Uint8Array[] = [];
  const decoder = new Decompress((chunk) => output.push(chunk));
  let turnEnds = performance.now() + TURN;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; at += INPUT_SLICE) {
      decoder.push(chunk.subarray(at, at + INPUT_SLICE));
      yield* output;
      output = [];
      if (performance.now() < turnEnds) continue;
      await setImmediate();
      turnEnds = performance.now() + TURN;
    }
  }
  decoder.push(new Uint8Array(0), true);
  yield* output;
}
