import { createHash, randomBytes } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContextEntry } from './context-entry.ts';
import { decodeDigestFile, encodeDigestFile } from './digest-file.ts';
import { FileDigests } from './file-digests.ts';
import { scanContext } from './scan-context.ts';

let folder = '';
let root = '';
let memory = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strata-digests-'));
  root = join(folder, 'context');
  memory = join(folder, 'memory', 'digests');
  mkdirSync(root);
});

afterEach(() => rmSync(folder, { recursive: true }));

/** A file that was last touched long ago as far as its modification time tells. */
function write(path: string, content: string | Buffer): void {
  writeFileSync(join(root, path), content);
  utimesSync(join(root, path), 1_000_000, 1_000_000);
}

/** The entries as they will look once their change time is old: only the clock can bring that about. */
async function aged(): Promise<ContextEntry[]> {
  const { entries } = await scanContext(root);
  return Array.from(entries, (entry) => ({ ...entry, ctimeMs: entry.ctimeMs - 60_000 }));
}

const sha256 = (content: string | Buffer) => `sha256:${createHash('sha256').update(content).digest('hex')}`;

async function digestAll(
  digests: FileDigests,
  found: Iterable<ContextEntry>,
  at: string,
  stop?: AbortSignal,
) {
  const entries = [...found];
  await digests.readAll(entries, at, stop);
  const files = entries.filter(({ type }) => type === 'file');
  return new Map(files.map(({ path }) => [path, digests.found(path)]));
}

describe('FileDigests', () => {
  it('digests small and large files and nothing else', async () => {
    const large = randomBytes(3_000_000);
    write('small', 'hello');
    write('empty', '');
    write('large', large);
    mkdirSync(join(root, 'dir'));
    symlinkSync('small', join(root, 'link'));
    const digests = new FileDigests();
    const all = await digestAll(digests, await aged(), root);
    expect(Object.fromEntries(all)).toEqual({
      small: sha256('hello'),
      empty: sha256(''),
      large: sha256(large),
    });
    expect(digests.reads).toBe(3);
  });

  it('reads nothing again when nothing changed, also after a restart', async () => {
    write('a', 'a');
    write('b', randomBytes(200_000));
    const first = new FileDigests();
    const before = await digestAll(first, await aged(), root);
    await first.save(memory);
    const second = new FileDigests();
    second.load(memory);
    expect(await digestAll(second, await aged(), root)).toEqual(before);
    expect(second.reads).toBe(0);
  });

  it.each<[string, (entry: ContextEntry) => ContextEntry]>([
    ['size', (entry) => ({ ...entry, size: entry.size + 1 })],
    ['modification time', (entry) => ({ ...entry, mtimeMs: entry.mtimeMs + 0.5 })],
    ['change time', (entry) => ({ ...entry, ctimeMs: entry.ctimeMs + 1 })],
    ['inode', (entry) => ({ ...entry, ino: entry.ino + 1 })],
    ['path', (entry) => ({ ...entry, path: 'other' })],
  ])('reads again when the %s differs', async (_, change) => {
    write('a', 'a');
    write('other', 'other');
    const entry = (await aged()).find(({ path }) => path === 'a');
    if (entry === undefined) throw new Error('no entry');
    const digests = new FileDigests();
    await digests.readAll([entry], root);
    expect(digests.known(entry)).toBe(sha256('a'));
    expect(digests.known(change(entry))).toBeUndefined();
  });

  it('does not trust a file so young that it may have changed unnoticed', async () => {
    writeFileSync(join(root, 'young'), 'one');
    const { entries } = await scanContext(root);
    const digests = new FileDigests();
    await digestAll(digests, entries, root);
    await digestAll(digests, entries, root);
    expect(digests.reads).toBe(2);
  });

  it('does not trust a file with a time in the future', async () => {
    write('a', 'a');
    const entries = (await aged()).map((entry) => ({ ...entry, mtimeMs: Date.now() + 3_600_000 }));
    const digests = new FileDigests();
    await digestAll(digests, entries, root);
    await digestAll(digests, entries, root);
    expect(digests.reads).toBe(2);
  });

  it('notices a file replaced by one of the same size and modification time', async () => {
    write('a', 'one');
    const digests = new FileDigests();
    await digestAll(digests, await aged(), root);
    write('new', 'two');
    renameSync(join(root, 'new'), join(root, 'a'));
    expect((await digestAll(digests, await aged(), root)).get('a')).toBe(sha256('two'));
  });

  it('keeps paths that were not asked for, until they outnumber the others', async () => {
    for (const name of ['a', 'b', 'c']) write(name, name);
    const digests = new FileDigests();
    await digestAll(digests, await aged(), root);
    await digests.save(memory);
    const [a, b, c] = await aged();
    if (a === undefined || b === undefined || c === undefined) throw new Error('no entries');

    const two = new FileDigests();
    two.load(memory);
    await digestAll(two, [a, { ...b, ino: b.ino + 1 }], root);
    await two.save(memory);
    expect((await decodeDigestFile(readFileSync(memory))).size).toBe(3);

    const one = new FileDigests();
    one.load(memory);
    await digestAll(one, [{ ...a, ino: a.ino + 1 }], root);
    await one.save(memory);
    expect(Array.from(await decodeDigestFile(readFileSync(memory)), ([path]) => path)).toEqual(['a']);
  });

  it('writes nothing when nothing is new', async () => {
    write('a', 'a');
    const digests = new FileDigests();
    await digestAll(digests, await aged(), root);
    await digests.save(memory);
    rmSync(memory);
    await digestAll(digests, await aged(), root);
    await digests.save(memory);
    expect(() => readFileSync(memory)).toThrow(/ENOENT/);
  });

  it.each<[string, (path: string) => void]>([
    ['missing', (path) => rmSync(path)],
    ['empty', (path) => truncateSync(path)],
    ['cut off', (path) => truncateSync(path, readFileSync(path).length - 3)],
    ['of another make', (path) => writeFileSync(path, 'x'.repeat(500))],
    ['damaged', (path) => writeFileSync(path, readFileSync(path).fill(0, 104, 110))],
  ])('starts empty when its file is %s', async (_, spoil) => {
    write('a', 'a');
    const digests = new FileDigests();
    await digestAll(digests, await aged(), root);
    await digests.save(memory);
    spoil(memory);
    const again = new FileDigests();
    again.load(memory);
    expect((await digestAll(again, await aged(), root)).get('a')).toBe(sha256('a'));
    expect(again.reads).toBe(1);
  });

  it('does not follow a link that took the place of a file', async () => {
    write('a', 'a');
    const entries = await aged();
    rmSync(join(root, 'a'));
    symlinkSync('/etc/hostname', join(root, 'a'));
    await expect(new FileDigests().readAll(entries, root)).rejects.toThrow(/ELOOP/);
  });

  it('names a file that has gone', async () => {
    write('a', 'a');
    const entries = await aged();
    rmSync(join(root, 'a'));
    await expect(new FileDigests().readAll(entries, root)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('stops in the middle of a large file when it is cancelled', async () => {
    write('large', randomBytes(5_000_000));
    const signal = AbortSignal.abort();
    await expect(new FileDigests().readAll(await aged(), root, signal)).rejects.toThrow(/abort/i);
  });
});

describe('the digest file', () => {
  it('gives back what was put in, any path included', async () => {
    const records = new Map(
      ['a', 'ünï/😀', 'with\nline feed', ''].map((path, index) => [
        path,
        {
          size: index,
          mtimeMs: index + 0.123,
          ctimeMs: 1e12 + 0.5,
          ino: 2 ** 52 + index,
          recordedAt: 7,
          hex: 'ab'.repeat(32),
        },
      ]),
    );
    expect(new Map(await decodeDigestFile(await encodeDigestFile(records)))).toEqual(records);
    expect((await decodeDigestFile(await encodeDigestFile(new Map()))).size).toBe(0);
  });
});
