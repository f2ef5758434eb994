import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLogDemux, createRawLog, type LogChunk } from './log-demux.ts';

function frame(stream: number, content: string): Buffer {
  const body = Buffer.from(content, 'utf8');
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

const join = (chunks: readonly LogChunk[], stream: LogChunk['stream']) =>
  chunks.flatMap((chunk) => (chunk.stream === stream ? [chunk.text] : [])).join('');

describe('the interleaved output of a container', () => {
  it('comes apart the same wherever the bytes are cut', () => {
    const frames = fc.array(fc.tuple(fc.constantFrom(1, 2), fc.string({ unit: 'grapheme' })), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(frames, fc.array(fc.nat(200), { maxLength: 20 }), (parts, cuts) => {
        const bytes = Buffer.concat(parts.map(([stream, text]) => frame(stream, text)));
        const demux = createLogDemux();
        const chunks: LogChunk[] = [];
        let at = 0;
        for (const cut of [...cuts.map((size) => size + 1), bytes.length]) {
          chunks.push(...demux.push(bytes.subarray(at, at + cut)));
          at += cut;
        }
        chunks.push(...demux.push(bytes.subarray(at)), ...demux.end());
        const expected = (stream: number) =>
          parts.flatMap(([s, text]) => (s === stream ? [text] : [])).join('');
        expect(join(chunks, 'stdout')).toBe(expected(1));
        expect(join(chunks, 'stderr')).toBe(expected(2));
      }),
    );
  });

  it('passes on a long frame before its end', () => {
    const demux = createLogDemux();
    const bytes = frame(1, 'begin and end');
    expect(demux.push(bytes.subarray(0, 13))).toEqual([{ stream: 'stdout', text: 'begin' }]);
  });

  it('joins characters cut between frames', () => {
    const demux = createLogDemux();
    const bytes = Buffer.from('ü', 'utf8');
    const half = (part: Buffer) => Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, 0, 1]), part]);
    expect(demux.push(half(bytes.subarray(0, 1)))).toEqual([]);
    expect(demux.push(half(bytes.subarray(1)))).toEqual([{ stream: 'stdout', text: 'ü' }]);
  });

  it('leaves the output of a terminal as it is', () => {
    const raw = createRawLog();
    expect(raw.push(Buffer.from([1, 0, 0, 0]))).toEqual([{ stream: 'stdout', text: '\u0001\0\0\0' }]);
    expect(raw.push(Buffer.alloc(0))).toEqual([]);
  });
});
