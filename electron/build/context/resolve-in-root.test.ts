import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { linkReaderOf, resolveInRoot } from './resolve-in-root.ts';

const LINKS = new Map([
  ['l', 'target'],
  ['abs', '/etc/passwd'],
  ['up', '../../../etc'],
  ['d/rel', '../x'],
  ['chain', 'chain2'],
  ['chain2', 'd/rel'],
  ['dir', 'a/b'],
  ['a/b/back', '..'],
  ['loop', 'loop2'],
  ['loop2', 'loop'],
  ['self', 'self/x'],
  ['root', '/'],
  ['dots', './/./y/.'],
]);
const readLink = (path: string): string | null => LINKS.get(path) ?? null;

describe('resolveInRoot', () => {
  it.each([
    ['plain/file', 'plain/file', []],
    ['', '', []],
    ['.', '', []],
    ['/a//b/', 'a/b', []],
    ['../../x', 'x', []],
    ['a/../../x', 'x', []],
    ['l', 'target', ['l']],
    ['l/more', 'target/more', ['l']],
    ['abs', 'etc/passwd', ['abs']],
    ['up/passwd', 'etc/passwd', ['up']],
    ['d/rel', 'x', ['d/rel']],
    ['chain', 'x', ['chain', 'chain2', 'd/rel']],
    ['dir/back/z', 'a/z', ['dir', 'a/b/back']],
    ['root/l', 'target', ['root', 'l']],
    ['dots/z', 'y/z', ['dots']],
  ])('leads %j to %j', (path, expected, links) => {
    expect(resolveInRoot(path, readLink)).toEqual({ path: expected, links });
  });

  it.each(['loop', 'self', 'loop/x'])('refuses %s, which leads to itself', (path) => {
    expect(() => resolveInRoot(path, readLink)).toThrow(/leads to itself/);
  });

  describe('with links on disk', () => {
    const root = mkdtempSync(join(tmpdir(), 'strata-links-'));
    afterAll(() => rmSync(root, { recursive: true }));

    it('stays inside, whatever the links say', () => {
      mkdirSync(join(root, 'in'));
      symlinkSync('/etc', join(root, 'out'));
      symlinkSync('../../../../../../..', join(root, 'in/up'));
      expect(resolveInRoot('out/passwd', linkReaderOf(root)).path).toBe('etc/passwd');
      expect(resolveInRoot('in/up/etc', linkReaderOf(root)).path).toBe('etc');
      expect(resolveInRoot('in/missing/x', linkReaderOf(root)).path).toBe('in/missing/x');
    });
  });
});
