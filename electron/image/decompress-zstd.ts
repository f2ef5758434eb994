import { setImmediate } from 'node:timers/promises';
import { Decompress } from 'fzstd';

/** Small, because a few bytes of zstd may unpack to megabytes before control comes back. */
const INPUT_SLICE = 4096;
/** Milliseconds to work before others get their turn. */
const TURN = 10;

/**
 * Unpacks zstd, any number of frames. What fzstd throws passes through. Newer Nodes have a faster decompressor of their
 * own, which ends without a word after the first frame: layers that Podman pushes as zstd:chunked have thousands.
 */
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
