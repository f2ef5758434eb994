import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { collectBytes } from '../chunks.ts';
import { encodeEntryHeader, TAR_END, type TarEntryFields, tarPadding } from './encode-entry.ts';
import { readTar } from './read-tar.ts';
import type { TarHeader, TarLimits } from './tar-entry.ts';

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'strata-codec-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function* cut(
  bytes: Uint8Array,
  sizes: readonly number[] = [bytes.length],
): AsyncGenerator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

type Item = readonly [fields: TarEntryFields, body: Buffer];

function encode(items: readonly Item[]): Buffer {
  const parts = items.flatMap(([fields, body]) => [
    encodeEntryHeader(fields),
    body,
    Buffer.alloc(tarPadding(body.length)),
  ]);
  return Buffer.concat([...parts, TAR_END]);
}

async function decode(source: AsyncIterable<Uint8Array>, limits?: Partial<TarLimits>) {
  const found: { header: Omit<TarHeader, 'bodyOffset' | 'headerOffset'>; body: Buffer }[] = [];
  for await (const { body, bodyOffset: _, headerOffset: __, ...header } of readTar(source, { limits }))
    found.push({ header, body: await collectBytes(body) });
  return found;
}

const plain: TarEntryFields = { path: 'f', type: 'file', mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 0 };

const component = fc
  .oneof(
    fc.stringMatching(/^[a-z0-9._-]{1,120}$/),
    fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }),
    fc.constantFrom('\udcff\udc80', 'ü'.repeat(60), 'x'.repeat(255), ' a\nb '),
  )
  .map((text) => text.replace(/[/\0]/g, '_').replace(/[\ud800-\udbff](?![\udc00-\udfff])/g, '_'))
  .filter((text) => text !== '.' && text !== '..');
const path = fc.array(component, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/'));
const owner = fc.oneof(fc.nat({ max: 70_000 }), fc.integer({ min: 0, max: 0xffffffff }));
const xattrs = fc.dictionary(
  fc.stringMatching(/^[a-z]+\.[a-z]{1,20}$/),
  fc.uint8Array({ maxLength: 40 }).map((value) => Buffer.from(value).toString('latin1')),
  { maxKeys: 3, noNullPrototype: true },
);
const shared = { path, mode: fc.nat({ max: 0o7777 }), uid: owner, gid: owner, xattrs };
const mtime = fc.oneof(
  fc.nat(),
  fc.integer({ min: -1e10, max: 1e11 }),
  fc.integer({ min: -1e9, max: 1e9 }).map((half) => half / 2),
);
const item: fc.Arbitrary<Item> = fc.oneof(
  fc
    .tuple(fc.record({ ...shared, mtime }), fc.uint8Array({ maxLength: 2000 }))
    .map(([fields, body]): Item => [{ ...fields, type: 'file', size: body.length }, Buffer.from(body)]),
  fc
    .record({ ...shared, mtime, type: fc.constantFrom('directory' as const, 'fifo' as const) })
    .map((fields): Item => [{ ...fields, size: 0 }, Buffer.alloc(0)]),
  fc
    .record({
      ...shared,
      mtime,
      type: fc.constantFrom('symlink' as const, 'hardlink' as const),
      linkName: path,
    })
    .map((fields): Item => [{ ...fields, size: 0 }, Buffer.alloc(0)]),
  fc
    .record({
      ...shared,
      mtime,
      type: fc.constantFrom('char' as const, 'block' as const),
      devMajor: fc.nat({ max: 4095 }),
      devMinor: fc.nat({ max: 1_048_575 }),
    })
    .map((fields): Item => [{ ...fields, size: 0 }, Buffer.alloc(0)]),
);

describe('the tar codec', () => {
  it('gives back any entry, whatever the cut of the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(item, { maxLength: 8 }),
        fc.array(fc.nat({ max: 3000 }), { minLength: 1, maxLength: 5 }),
        async (items, sizes) => {
          const found = await decode(cut(encode(items), sizes));
          expect(found).toEqual(
            items.map(([fields, body]) => ({
              header: {
                linkName: '',
                devMajor: 0,
                devMinor: 0,
                sparse: false,
                ...fields,
                path: fields.type === 'directory' ? `${fields.path}/` : fields.path,
              },
              body,
            })),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it('writes what GNU tar lists with the same facts', () => {
    const items: Item[] = [
      [
        { ...plain, path: `${'long/'.repeat(60)}name`, size: 3, mode: 0o4755, uid: 3_000_000, gid: 7 },
        Buffer.from('abc'),
      ],
      [{ ...plain, path: `${'p'.repeat(120)}/${'n'.repeat(90)}`, mtime: 1_700_000_000 }, Buffer.alloc(0)],
      [{ ...plain, path: 'd', type: 'directory', mode: 0o1777 }, Buffer.alloc(0)],
      [{ ...plain, path: 'ünï', type: 'symlink', linkName: 'z'.repeat(200) }, Buffer.alloc(0)],
    ];
    const file = join(dir, 'list.tar');
    writeFileSync(file, encode(items));
    const listing = execFileSync(
      'tar',
      ['--numeric-owner', '--quoting-style=literal', '--utc', '-tvf', file],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
    );
    expect(listing.split('\n').slice(0, 4)).toEqual([
      expect.stringMatching(/^-rwsr-xr-x 3000000\/7 +3 1970-01-01 00:00 (long\/){60}name$/),
      expect.stringMatching(/^-rw-r--r-- 0\/0 +0 2023-11-14 22:13 p{120}\/n{90}$/),
      expect.stringMatching(/^drwxrwxrwt 0\/0 .* d\/$/),
      expect.stringMatching(/^l.* ünï -> z{200}$/),
    ]);
  });

  it('writes extended attributes that GNU tar puts on files, byte by byte', () => {
    const value = '\x01\0\xff=\n\0';
    const file = join(dir, 'xattr.tar');
    writeFileSync(
      file,
      encode([[{ ...plain, path: 'with-xattr', xattrs: { 'user.strata': value } }, Buffer.alloc(0)]]),
    );
    execFileSync('tar', ['--xattrs', '--xattrs-include=*', '-C', dir, '-xf', file]);
    const shown = execFileSync('getfattr', [
      '--absolute-names',
      '-e',
      'hex',
      '-n',
      'user.strata',
      '--only-values',
      join(dir, 'with-xattr'),
    ]);
    expect(shown.toString('latin1')).toBe(value);
  });

  it('keeps sizes beyond the octal field, by header alone', async () => {
    const size = 2 ** 40 + 1;
    const header = encodeEntryHeader({ ...plain, size });
    const [found] = await firstHeader(header);
    expect(found?.size).toBe(size);
  });

  it('uses one block where ustar suffices, and sorts what stands in PAX', () => {
    expect(encodeEntryHeader({ ...plain, path: `${'a'.repeat(150)}/${'b'.repeat(99)}` })).toHaveLength(512);
    const one = encodeEntryHeader({ ...plain, xattrs: { b: '1', a: '2' } });
    expect(one).toEqual(encodeEntryHeader({ ...plain, xattrs: { a: '2', b: '1' } }));
    expect(one).toHaveLength(1536);
  });

  it.each<[string, Partial<TarEntryFields>]>([
    ['a NUL in the path', { path: 'a\0b' }],
    ['an absolute path', { path: '/a' }],
    ['a path with ./', { path: './a' }],
    ['a trailing slash', { path: 'a/' }],
    ['a negative size', { size: -1 }],
    ['a size with a fraction', { size: 1.5 }],
    ['a mode with a file type', { mode: 0o100644 }],
    ['content of a directory', { type: 'directory', size: 1 }],
    ['a time that is none', { mtime: Number.NaN }],
    ['an attribute name with =', { xattrs: { 'a=b': '' } }],
  ])('refuses to write %s', (_, fields) => {
    expect(() => encodeEntryHeader({ ...plain, ...fields })).toThrow(
      expect.objectContaining({ code: 'invalid-input' }),
    );
  });

  async function firstHeader(bytes: Uint8Array): Promise<TarHeader[]> {
    const found: TarHeader[] = [];
    try {
      for await (const entry of readTar(cut(bytes))) found.push(entry);
    } catch (error) {
      expect(error).toMatchObject({ code: 'malformed' });
    }
    return found;
  }
});

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

/** An extension header of the given type with its content. */
function extension(flag: string, content: string): Buffer {
  const size = Buffer.byteLength(content);
  const block = Buffer.from(encodeEntryHeader({ ...plain, path: 'extension', size }));
  block.write(flag, 156, 'latin1');
  return mendChecksums(Buffer.concat([block, Buffer.from(content), Buffer.alloc(tarPadding(size))]));
}

/** Makes the checksum right again in every block that says it is a ustar header. */
function mendChecksums(bytes: Buffer): Buffer {
  for (let at = 0; at + 512 <= bytes.length; at += 512) {
    if (bytes.toString('latin1', at + 257, at + 262) !== 'ustar') continue;
    bytes.fill(0x20, at + 148, at + 156);
    let sum = 0;
    for (const byte of bytes.subarray(at, at + 512)) sum += byte;
    bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148, 'latin1');
  }
  return bytes;
}
