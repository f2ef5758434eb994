import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeFrame, FRAME, FrameReader } from './frames.ts';

/** Reads bytes that come in pieces of these lengths; gives whole frames. */
function readPieces(bytes: Buffer, lengths: readonly number[]): [kind: number, text: string][] {
  const frames: [number, string][] = [];
  let parts: Buffer[] = [];
  const reader = new FrameReader((kind, part, isLast) => {
    parts.push(Buffer.from(part));
    if (!isLast) return;
    frames.push([kind, Buffer.concat(parts).toString()]);
    parts = [];
  });
  let at = 0;
  for (const length of lengths) {
    reader.read(bytes.subarray(at, at + length));
    at += length;
  }
  reader.read(bytes.subarray(at));
  return frames;
}

it('frames come out as they went in, however they are cut on the way', () => {
  const frame = fc.tuple(fc.constantFrom(...Object.values(FRAME)), fc.string({ unit: 'grapheme' }));
  fc.assert(
    fc.property(fc.array(frame), fc.array(fc.nat(9)), (frames, lengths) => {
      const bytes = Buffer.concat(frames.map(([kind, text]) => encodeFrame(kind, text)));
      expect(readPieces(bytes, lengths)).toEqual(frames);
    }),
  );
});

it('passes on what there is of a frame that is under way', () => {
  const parts: [string, boolean][] = [];
  const reader = new FrameReader((_kind, part, isLast) => parts.push([part.toString(), isLast]));
  const bytes = encodeFrame(FRAME.output, 'hello');
  reader.read(bytes.subarray(0, 7));
  reader.read(bytes.subarray(7));
  expect(parts).toEqual([
    ['he', false],
    ['llo', true],
  ]);
});
