import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeName, encodeName } from './entry-name.ts';
import { cleanEntryPath, isCleanPath, parseWhiteout, whiteoutName } from './safe-path.ts';

describe('cleanEntryPath', () => {
  it.each([
    ['a/b', 'a/b'],
    ['./a/b/', 'a/b'],
    ['/a//b', 'a/b'],
    ['a/./b', 'a/b'],
    ['.', ''],
    ['/', ''],
    ['', ''],
    ['.hidden/...', '.hidden/...'],
    ['a/..b', 'a/..b'],
    ['a\\..\\b', 'a\\..\\b'],
  ])('makes %j %j', (raw, clean) => {
    expect(cleanEntryPath(raw)).toBe(clean);
    expect(isCleanPath(clean)).toBe(true);
    expect(isCleanPath(raw)).toBe(raw === clean);
  });

  it.each(['..', '../a', 'a/..', 'a/../b', '/..', './../x', 'a\0b', 'x/'.repeat(2049)])(
    'refuses %j',
    (raw) => {
      expect(() => cleanEntryPath(raw)).toThrow(expect.objectContaining({ code: 'unsafe-archive' }));
    },
  );

  it('gives a clean path or refuses, for any text', async () => {
    await fc.assert(
      fc.property(
        fc.array(fc.constantFrom('/', '.', '..', 'a', '\0', './', 'b.')).map((parts) => parts.join('')),
        (raw) => {
          let clean: string;
          try {
            clean = cleanEntryPath(raw);
          } catch {
            return;
          }
          expect(isCleanPath(clean)).toBe(true);
          expect(cleanEntryPath(clean)).toBe(clean);
        },
      ),
    );
  });
});

describe('parseWhiteout', () => {
  it.each([
    ['.wh.a', { type: 'whiteout', path: 'a' }],
    ['d/e/.wh.a', { type: 'whiteout', path: 'd/e/a' }],
    ['d/.wh..wh..opq', { type: 'opaque', path: 'd' }],
    ['.wh..wh..opq', { type: 'opaque', path: '' }],
    ['.wh..wh.plnk', { type: 'ignored', path: '.wh..wh.plnk' }],
    ['.wh..hidden', { type: 'whiteout', path: '.hidden' }],
    ['a.wh.b', null],
    ['.wh.d/file', null],
    ['', null],
  ])('reads %s', (path, expected) => {
    expect(parseWhiteout(path)).toEqual(expected);
    if (expected?.type === 'whiteout' || expected?.type === 'opaque')
      expect(whiteoutName(expected.type as 'whiteout' | 'opaque', expected.path)).toBe(path);
  });

  it.each(['.wh.', 'a/.wh.', 'a/.wh..', '.wh...'])('refuses %s', (path) => {
    expect(() => parseWhiteout(path)).toThrow(expect.objectContaining({ code: 'unsafe-archive' }));
  });
});

describe('names', () => {
  it('keep any bytes', async () => {
    const piece = fc.oneof(
      fc.uint8Array(),
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
      fc.constant(Buffer.from('efbfbd', 'hex')),
    );
    await fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const bytes = Buffer.concat(pieces);
        expect(encodeName(decodeName(bytes)).equals(bytes)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('are plain text where they are UTF-8', () => {
    expect(decodeName(Buffer.from('grüße 😀'))).toBe('grüße 😀');
    expect(decodeName(Buffer.from('61ff62', 'hex'))).toBe('a\udcffb');
  });
});
