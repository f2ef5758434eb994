import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, decode, extension } from './testing/tars.ts';

/** A number as GNU writes it: octal where it fits, else two's complement with the top bit set. */
function numberField(value: bigint, length: number, base256 = false): Buffer {
  const octal = value.toString(8);
  if (!base256 && value >= 0n && octal.length < length)
    return Buffer.from(`${octal.padStart(length - 1, '0')}\0`, 'latin1');
  const bytes = Buffer.alloc(length);
  for (let at = length - 1, rest = value; at >= 0; at -= 1, rest >>= 8n) bytes[at] = Number(rest & 0xffn);
  bytes[0] = (bytes[0] ?? 0) | 0x80;
  return bytes;
}

interface Fields {
  readonly name?: string;
  readonly type?: string;
  readonly uid?: Buffer;
  readonly gid?: Buffer;
  readonly size?: Buffer;
  readonly mtime?: Buffer;
  readonly more?: (block: Buffer) => void;
}

/** A header block as GNU tar lays it out, made without the codec. */
function gnuHeader({ name = 'f', type = '0', uid, gid, size, mtime, more }: Fields): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0, 'latin1');
  block.write('0000644\0', 100, 'latin1');
  (uid ?? numberField(0n, 8)).copy(block, 108);
  (gid ?? numberField(0n, 8)).copy(block, 116);
  (size ?? numberField(0n, 12)).copy(block, 124);
  (mtime ?? numberField(0n, 12)).copy(block, 136);
  block.write(type, 156, 'latin1');
  block.write('ustar  \0', 257, 'latin1');
  more?.(block);
  block.fill(0x20, 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

const padded = (bytes: Buffer): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
const END = Buffer.alloc(1024);

describe('numbers of GNU tar', () => {
  const safe = fc.bigInt({ min: -(2n ** 53n) + 1n, max: 2n ** 53n - 1n });
  const owner = fc.bigInt({ min: 0n, max: 2n ** 32n - 1n });

  it('are read in octal and in base 256, times also before 1970', async () => {
    await fc.assert(
      fc.asyncProperty(owner, owner, safe, fc.boolean(), async (uid, gid, mtime, base256) => {
        const header = gnuHeader({
          uid: numberField(uid, 8, base256),
          gid: numberField(gid, 8, base256),
          mtime: numberField(mtime, 12, base256),
        });
        const [found] = await decode(cut(Buffer.concat([header, END])));
        expect(found?.header).toMatchObject({ uid: Number(uid), gid: Number(gid), mtime: Number(mtime) });
      }),
      { numRuns: 500 },
    );
  });

  it('are refused where they are larger than any count, or negative where nothing can be', async () => {
    const huge = fc.bigInt({ min: 2n ** 53n, max: 2n ** 94n - 1n });
    await fc.assert(
      fc.asyncProperty(huge, fc.boolean(), async (value, negative) => {
        for (const field of ['size', 'mtime'] as const) {
          const header = gnuHeader({ [field]: numberField(negative ? -value : value, 12, true) });
          await expect(decode(cut(Buffer.concat([header, END])))).rejects.toMatchObject({
            code: 'malformed',
          });
        }
      }),
      { numRuns: 100 },
    );
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: -(2n ** 50n), max: -1n }), async (value) => {
        for (const [field, wrong] of [
          ['uid', value],
          ['gid', value],
          ['uid', 2n ** 32n - value],
        ] as const) {
          const header = gnuHeader({ [field]: numberField(wrong, 8, true) });
          await expect(decode(cut(Buffer.concat([header, END])))).rejects.toMatchObject({
            code: 'malformed',
          });
        }
        const header = gnuHeader({ size: numberField(value, 12, true) });
        await expect(decode(cut(Buffer.concat([header, END])))).rejects.toMatchObject({ code: 'malformed' });
      }),
      { numRuns: 50 },
    );
  });
});

/** A piece of a file: zeros that are not stored, then bytes that are. */
interface Piece {
  readonly gap: number;
  readonly bytes: Uint8Array;
}

/** The whole content, and what of it is stored where. */
function layOut(pieces: readonly Piece[], tail: number) {
  const parts: Uint8Array[] = [];
  const segments: [number, number][] = [];
  let at = 0;
  for (const { gap, bytes } of pieces) {
    parts.push(Buffer.alloc(gap), bytes);
    segments.push([at + gap, bytes.length]);
    at += gap + bytes.length;
  }
  const content = Buffer.concat([...parts, Buffer.alloc(tail)]);
  const stored = Buffer.concat(pieces.map(({ bytes }) => bytes));
  // GNU tar ends the map of a file that ends with a hole by an empty piece at its end.
  if (tail > 0) segments.push([content.length, 0]);
  return { content, stored, segments };
}

type LaidOut = ReturnType<typeof layOut>;

const octal = (value: number) => numberField(BigInt(value), 12);
const record = (key: string, value: string | number): string => {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length + 1;
  while (`${length}${rest}`.length !== length) length += 1;
  return `${length}${rest}`;
};

function writeSegments(block: Buffer, start: number, segments: readonly [number, number][]): void {
  for (const [at, [offset, length]] of segments.entries()) {
    octal(offset).copy(block, start + at * 24);
    octal(length).copy(block, start + at * 24 + 12);
  }
}

const FORMS: readonly (readonly [string, (file: LaidOut) => Buffer[]])[] = [
  [
    'the old form, in header blocks',
    ({ content, stored, segments }) => {
      const rest = segments.slice(4);
      const header = gnuHeader({
        name: 'hole',
        type: 'S',
        size: octal(stored.length),
        more: (block) => {
          writeSegments(block, 386, segments.slice(0, 4));
          block[482] = rest.length > 0 ? 1 : 0;
          octal(content.length).copy(block, 483);
        },
      });
      const blocks: Buffer[] = [];
      for (let at = 0; at < rest.length; at += 21) {
        const block = Buffer.alloc(512);
        writeSegments(block, 0, rest.slice(at, at + 21));
        block[504] = at + 21 < rest.length ? 1 : 0;
        blocks.push(block);
      }
      return [header, ...blocks, padded(stored)];
    },
  ],
  [
    'PAX 0.0, a record a number',
    ({ content, stored, segments }) => [
      extension(
        'x',
        record('GNU.sparse.size', content.length) +
          record('GNU.sparse.numblocks', segments.length) +
          segments
            .map(
              ([offset, length]) =>
                record('GNU.sparse.offset', offset) + record('GNU.sparse.numbytes', length),
            )
            .join(''),
      ),
      gnuHeader({ name: 'hole', size: octal(stored.length) }),
      padded(stored),
    ],
  ],
  [
    'PAX 0.1, one list',
    ({ content, stored, segments }) => [
      extension(
        'x',
        record('GNU.sparse.name', 'hole') +
          record('GNU.sparse.size', content.length) +
          record('GNU.sparse.numblocks', segments.length) +
          record('GNU.sparse.map', segments.flat().join(',')),
      ),
      gnuHeader({ name: 'GNUSparseFile.1/hole', size: octal(stored.length) }),
      padded(stored),
    ],
  ],
  [
    'PAX 1.0, a map before the bytes',
    ({ content, stored, segments }) => {
      const map = padded(Buffer.from(`${[segments.length, ...segments.flat()].join('\n')}\n`));
      return [
        extension(
          'x',
          record('GNU.sparse.major', 1) +
            record('GNU.sparse.minor', 0) +
            record('GNU.sparse.name', 'hole') +
            record('GNU.sparse.realsize', content.length),
        ),
        gnuHeader({ name: 'GNUSparseFile.1/hole', size: octal(map.length + stored.length) }),
        map,
        padded(stored),
      ];
    },
  ],
];

describe('files with holes', () => {
  const piece: fc.Arbitrary<Piece> = fc.record({
    gap: fc.nat({ max: 3000 }),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 700 }),
  });
  const file = fc
    .tuple(fc.array(piece, { minLength: 1, maxLength: 60, size: 'max' }), fc.nat({ max: 2000 }))
    .map(([pieces, tail]) => layOut(pieces, tail));

  it.each(FORMS)('give their content back from %s', async (_, write) => {
    await fc.assert(
      fc.asyncProperty(file, fc.integer({ min: 1, max: 2000 }), async (laidOut, piece) => {
        const bytes = Buffer.concat([...write(laidOut), gnuHeader({ name: 'after' }), END]);
        const found = await decode(cut(bytes, [piece]));
        expect(found.map(({ header }) => header.path)).toEqual(['hole', 'after']);
        expect(found[0]?.header).toMatchObject({ sparse: true, size: laidOut.content.length });
        expect(found[0]?.body.equals(laidOut.content)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it.each(FORMS)('are refused where a map lies, from %s', async (_, write) => {
    const lie = fc.constantFrom<(file: LaidOut) => LaidOut>(
      (one) => ({ ...one, segments: [...one.segments].reverse() }),
      (one) => ({ ...one, segments: one.segments.map(([offset, length]) => [offset, length + 1]) }),
      (one) => ({ ...one, stored: one.stored.subarray(1) }),
      (one) => ({ ...one, content: one.content.subarray(0, (one.segments.at(-1)?.[0] ?? 1) - 1) }),
    );
    const two = fc
      .tuple(fc.array(piece, { minLength: 2, maxLength: 6 }), fc.integer({ min: 1, max: 50 }))
      .map(([pieces, tail]) => layOut(pieces, tail));
    await fc.assert(
      fc.asyncProperty(two, lie, async (laidOut, change) => {
        const bytes = Buffer.concat([...write(change(laidOut)), END]);
        await expect(decode(cut(bytes))).rejects.toMatchObject({ code: 'malformed' });
      }),
      { numRuns: 100 },
    );
  });
});
