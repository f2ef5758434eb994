import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { TAR_END } from './encode-entry.ts';
import type { TarLimits } from './tar-entry.ts';
import { cut, decode, encode, extension, mendChecksums, plain } from './testing/tars.ts';

describe('hostile tars', () => {
  const sample = encode([
    [{ ...plain, path: 'some/file', size: 700 }, Buffer.alloc(700, 'x')],
    [{ ...plain, path: 'ü'.repeat(200), xattrs: { 'user.a': 'b' }, size: 1 }, Buffer.from('y')],
    [{ ...plain, path: 'link', type: 'symlink', linkName: 't'.repeat(150) }, Buffer.alloc(0)],
  ]);

  it('end in an entry list or an AppError, never otherwise', async () => {
    const edit = fc.tuple(fc.nat({ max: sample.length - 1 }), fc.uint8Array({ minLength: 1, maxLength: 20 }));
    const run = async (bytes: Uint8Array) => {
      try {
        await decode(cut(bytes, [600]));
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
        expect(['malformed', 'unsupported']).toContain((error as AppError).code);
      }
    };
    await fc.assert(
      fc.asyncProperty(
        fc.array(edit, { maxLength: 4 }),
        fc.nat({ max: sample.length }),
        fc.boolean(),
        async (edits, length, mend) => {
          const bytes = Buffer.from(sample);
          for (const [at, patch] of edits) bytes.set(patch.subarray(0, bytes.length - at), at);
          if (mend) mendChecksums(bytes);
          await run(bytes.subarray(0, length));
          await run(bytes);
        },
      ),
      { numRuns: 1000 },
    );
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), run));
  });

  it('are malformed when cut off anywhere but between entries', async () => {
    const outcomes = new Map<number, string>();
    for (let length = 1; length < sample.length - 1024; length += 1) {
      const outcome = await decode(cut(sample.subarray(0, length))).then(
        () => 'read',
        (error) => error.code,
      );
      if (outcome !== 'malformed') outcomes.set(length, outcome);
    }
    // After each whole entry the bytes could be a tar without an end mark, which readers accept.
    expect([...outcomes.keys()]).toEqual([1536, 3584]);
  });

  it.each<[string, () => Buffer, Partial<TarLimits>]>([
    ['a wrong checksum', () => patch(sample, 0, 'X'), {}],
    ['no tar at all', () => Buffer.alloc(4096, 'hello'), {}],
    ['a size that is no number', () => mendChecksums(patch(sample, 124, 'zzzzzzzzzzz\0')), {}],
    ['a negative base-256 size', () => mendChecksums(patch(sample, 124, '\xff'.repeat(12))), {}],
    ['an absurd base-256 size', () => mendChecksums(patch(sample, 124, `\x80${'\xff'.repeat(11)}`)), {}],
    ['an entry after an empty block', () => Buffer.concat([Buffer.alloc(512), sample]), {}],
    ['a PAX header before nothing', () => Buffer.concat([extension('x', '11 path=ab\n'), TAR_END]), {}],
    ['a PAX record too long', () => withPax('99 path=ab\n'), {}],
    ['a PAX record without =', () => withPax('8 pathx\n'), {}],
    ['a PAX record that ends too soon', () => withPax('10 path=abcdef\n'), {}],
    ['a PAX size that is no number', () => withPax('11 size=-1\n'), {}],
    ['a PAX path with a NUL', () => withPax('12 path=a\0b\n'), {}],
    ['a PAX time that is no number', () => withPax('13 mtime=now\n'), {}],
    ['a long PAX header', () => withPax(`1011 path=${'x'.repeat(1000)}\n`), { maxExtensionBytes: 1000 }],
    [
      'too many extension headers',
      () => Buffer.concat([...Array.from({ length: 17 }, () => extension('L', 'name\0')), sample]),
      {},
    ],
    ['too many entries', () => sample, { maxEntries: 2 }],
    ['a file too large', () => sample, { maxFileBytes: 699 }],
    ['a sparse file without size', () => withPax('22 GNU.sparse.major=1\n'), {}],
    ['a sparse map that goes back', () => withSparse('0,1,0,1', 700), {}],
    ['a sparse map beyond the file', () => withSparse('0,700', 600), {}],
    ['a sparse map for other bytes', () => withSparse('0,600', 700), {}],
    ['sparse files that expand too far', () => withSparse('0,700', 1e9), { maxSparseBytes: 1e8 }],
  ])('are malformed with %s', async (_, make, limits) => {
    await expect(decode(cut(make()), limits)).rejects.toMatchObject({ code: 'malformed' });
  });

  it.each(['D', 'M', 'q'])('are unsupported with type %s', async (flag) => {
    const run = decode(cut(mendChecksums(patch(sample, 156, flag))));
    await expect(run).rejects.toMatchObject({ code: 'unsupported' });
  });

  function patch(bytes: Buffer, at: number, text: string): Buffer {
    const copy = Buffer.from(bytes);
    copy.write(text, at, 'latin1');
    return copy;
  }
  function withPax(records: string): Buffer {
    return Buffer.concat([extension('x', records), sample]);
  }
  function withSparse(map: string, realSize: number): Buffer {
    const record = (key: string, value: string) => {
      const rest = key.length + value.length + 3;
      return `${rest + String(rest + 2).length} ${key}=${value}\n`;
    };
    return withPax(record('GNU.sparse.map', map) + record('GNU.sparse.realsize', String(realSize)));
  }
});
