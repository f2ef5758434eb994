import { execFileSync, spawn } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTar, type TarEntry } from './read-tar.ts';

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'strata-tar-'));
  const tree = join(dir, 'tree');
  mkdirSync(join(tree, 'a'.repeat(90), 'b'.repeat(90), 'ü'.repeat(60)), { recursive: true });
  writeFileSync(join(tree, 'small'), 'hello\n');
  writeFileSync(join(tree, 'exact'), 'x'.repeat(1024));
  writeFileSync(join(tree, 'empty'), '');
  writeFileSync(join(tree, 'a'.repeat(90), 'b'.repeat(90), 'deep'), 'deep');
  symlinkSync(`target/${'l'.repeat(150)}`, join(tree, 'link'));
  linkSync(join(tree, 'small'), join(tree, 'twin'));
  execFileSync('mkfifo', [join(tree, 'pipe')]);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function list(source: AsyncIterable<Uint8Array>): Promise<{ entry: TarEntry; content: string }[]> {
  const found: { entry: TarEntry; content: string }[] = [];
  for await (const entry of readTar(source)) {
    const parts: Uint8Array[] = [];
    for await (const bytes of entry.body) parts.push(bytes);
    found.push({ entry, content: Buffer.concat(parts).toString('latin1') });
  }
  return found;
}

describe('readTar', () => {
  for (const format of ['gnu', 'pax', 'posix', 'oldgnu']) {
    it(`reads what GNU tar writes as ${format}`, async () => {
      const child = spawn('tar', [
        `--format=${format}`,
        '--sort=name',
        '-C',
        join(dir, 'tree'),
        '-cf',
        '-',
        '.',
      ]);
      const found = await list(child.stdout);
      const byPath = new Map(found.map((item) => [item.entry.path, item]));
      expect(byPath.get('./small')).toMatchObject({ content: 'hello\n', entry: { type: 'file', size: 6 } });
      expect(byPath.get('./exact')?.content).toBe('x'.repeat(1024));
      expect(byPath.get('./link')?.entry).toMatchObject({
        type: 'symlink',
        linkName: `target/${'l'.repeat(150)}`,
      });
      expect(byPath.get('./twin')?.entry).toMatchObject({ type: 'hardlink', linkName: './small' });
      expect(byPath.get('./pipe')?.entry.type).toBe('fifo');
      expect(byPath.get(`./${'a'.repeat(90)}/${'b'.repeat(90)}/deep`)?.content).toBe('deep');
      expect(byPath.has(`./${'a'.repeat(90)}/${'b'.repeat(90)}/${'ü'.repeat(60)}/`)).toBe(true);
    });
  }

  it('reads extended attributes that hold any bytes', async () => {
    const path = join(dir, 'attributes');
    writeFileSync(path, '');
    execFileSync('setfattr', ['-n', 'user.bytes', '-v', '0x0100ff3d0a00', path]);
    const child = spawn('tar', ['--format=pax', '--xattrs', '-C', dir, '-cf', '-', 'attributes']);
    const [found] = await list(child.stdout);
    expect(found?.entry.xattrs).toEqual({ 'user.bytes': '\x01\0\xff=\n\0' });
  });

  it('reads fractions of seconds and times before 1970', async () => {
    const path = join(dir, 'times');
    writeFileSync(path, '');
    for (const [date, seconds] of [
      ['@1700000000.25', 1_700_000_000.25],
      ['@-5.5', -5.5],
    ] as const) {
      execFileSync('touch', ['-d', date, path]);
      const child = spawn('tar', ['--format=pax', '-C', dir, '-cf', '-', 'times']);
      expect((await list(child.stdout))[0]?.entry.mtime).toBe(seconds);
    }
  });
});
