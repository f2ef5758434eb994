import { describe, expect, it } from 'vitest';
import { collectBytes } from '../chunks.ts';
import { readTar } from './read-tar.ts';
import { cut, decode, encode, extension, type Item, plain } from './testing/tars.ts';

describe('unusual but honest tars', () => {
  const body = encode([[{ ...plain, path: 'file', size: 2 }, Buffer.from('ab')]]);
  const paths = async (bytes: Uint8Array) => (await decode(cut(bytes))).map(({ header }) => header.path);

  it.each<[string, () => Buffer, string[]]>([
    ['no end mark', () => body.subarray(0, 1024), ['file']],
    ['one empty block at the end', () => body.subarray(0, 1536), ['file']],
    ['anything after the end', () => Buffer.concat([body, Buffer.from('garbage')]), ['file']],
    ['no bytes at all', () => Buffer.alloc(0), []],
    [
      'a global PAX header, which is ignored',
      () => Buffer.concat([extension('g', '14 path=global\n'), body]),
      ['file'],
    ],
    [
      'a GNU long name',
      () => Buffer.concat([extension('L', `${'n'.repeat(300)}\0`), body]),
      ['n'.repeat(300)],
    ],
    [
      'a PAX path that wins over a GNU name',
      () => Buffer.concat([extension('L', 'gnu\0'), extension('x', '12 path=pax\n'), body]),
      ['pax'],
    ],
    [
      'a PAX record taken back by an empty one',
      () => Buffer.concat([extension('x', '8 path=\n'), body]),
      ['file'],
    ],
    ['a volume label', () => Buffer.concat([extension('V', ''), body]), ['file']],
  ])('are read: %s', async (_, make, expected) => {
    expect(await paths(make())).toEqual(expected);
  });

  it('skips the content nobody read, and ends a body read too late', async () => {
    const items: Item[] = Array.from({ length: 3 }, (_, at) => [
      { ...plain, path: `f${at}`, size: 5000 },
      Buffer.alloc(5000, at),
    ]);
    const bodies: AsyncIterable<Uint8Array>[] = [];
    for await (const entry of readTar(cut(encode(items), [100]))) {
      bodies.push(entry.body);
      if (entry.path === 'f1') for await (const _ of entry.body) break;
    }
    expect(bodies).toHaveLength(3);
    for (const late of bodies) expect(await collectBytes(late)).toHaveLength(0);
  });

  it('closes the source when the reader stops early', async () => {
    let closed = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        yield* cut(
          encode([
            [plain, Buffer.alloc(0)],
            [plain, Buffer.alloc(0)],
          ]),
          [512],
        );
      } finally {
        closed = true;
      }
    }
    for await (const _ of readTar(source())) break;
    expect(closed).toBe(true);
  });
});
