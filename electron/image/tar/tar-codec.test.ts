import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeEntryHeader, type TarEntryFields } from './encode-entry.ts';
import { readTar } from './read-tar.ts';
import type { TarHeader } from './tar-entry.ts';
import { cut, decode, encode, type Item, plain } from './testing/tars.ts';

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'strata-codec-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

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
