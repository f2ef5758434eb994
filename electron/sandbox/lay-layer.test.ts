import { execFileSync } from 'node:child_process';
import { lstat, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LayerEntry } from '../image/layer-index.ts';
import { findByPath } from './lay-layer.ts';
import { LowerStore } from './lower-store.ts';
import { removeTree } from './remove-tree.ts';
import { type EntryInput, makeLayer, type TestLayer } from './testing/make-layer.ts';

const signal = new AbortController().signal;
const LIST =
  "find . -mindepth 1 -exec stat -c '%n %F %a %u:%g %Y %s %N' {} + | sort; find . -type f | sort | xargs cat";
const isRoot = process.getuid?.() === 0;

/** More files than are written in this process. */
const MANY: EntryInput[] = [
  { path: 'app', type: 'directory', mode: 0o2750 },
  { path: 'app/link', type: 'symlink', linkTarget: 'file-1' },
  ...Array.from({ length: 600 }, (_, at) => ({
    path: `app/file-${at}`,
    text: `text ${at}`,
    mode: at % 2 === 0 ? 0o644 : 0o4711,
  })),
  { path: 'app/twin', type: 'hardlink', linkTarget: 'app/file-3' },
];

function changed(path: string, change: Partial<EntryInput>): EntryInput[] {
  return MANY.map((entry) => (entry.path === path ? { ...entry, ...change } : entry));
}

describe.skipIf(process.platform !== 'linux')('a layer that is laid down', () => {
  let folder = '';
  let store: LowerStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'strata-lay-'));
    store = new LowerStore(join(folder, 'lower'));
  });
  afterEach(() => removeTree(folder));

  /** The folder of a layer, laid down where that can be; `read` tells the files whose content was read. */
  async function ensure(layer: TestLayer, earlier: TestLayer | null) {
    const read: string[] = [];
    let unpacked = false;
    const content = async function* ({ path, offset, size }: LayerEntry) {
      read.push(path);
      yield layer.tar.subarray(offset, offset + size);
    };
    const laying = async () => ({
      files: { index: layer.index, content },
      earlier: earlier === null ? null : { ...earlier, find: await findByPath(earlier.index) },
    });
    const uncompressed: TestLayer['uncompressed'] = (...args) => {
      unpacked = true;
      return layer.uncompressed(...args);
    };
    const place = await store.ensure({ ...layer, uncompressed }, { signal, laying });
    return { place, read, unpacked };
  }

  const look = (place: string) =>
    execFileSync('sh', ['-c', LIST], { cwd: place, maxBuffer: 1 << 24 }).toString();

  /** What unpacking gives. */
  async function unpackedForm(layer: TestLayer): Promise<string> {
    return look(await new LowerStore(join(folder, 'other')).ensure(layer, { signal }));
  }

  it.each<[string, EntryInput[], string[]]>([
    ['a file with another text', changed('app/file-7', { text: 'new text' }), ['app/file-7']],
    ['a file with another mode', changed('app/file-8', { mode: 0o755 }), ['app/file-8']],
    ['a file with another time', changed('app/file-9', { mtime: 1_800_000_000 }), ['app/file-9']],
    ['a folder with another mode', changed('app', { mode: 0o700 }), []],
    ['a symlink that leads elsewhere', changed('app/link', { linkTarget: '/etc/passwd' }), []],
    ['a file less', MANY.filter(({ path }) => path !== 'app/file-10'), []],
    ['a file more', [...MANY, { path: 'app/z', text: 'z' }], ['app/z']],
    ['a folder in the place of a file', changed('app/file-11', { type: 'directory', text: '' }), []],
  ])('over an earlier one is what unpacking gives, where it has %s', async (_, entries, expected) => {
    const [earlier, layer] = [await makeLayer(MANY), await makeLayer(entries)];
    const first = await store.ensure(earlier, { signal });
    const before = look(first);
    const laid = await ensure(layer, earlier);
    expect({ unpacked: laid.unpacked, read: laid.read }).toEqual({ unpacked: false, read: expected });
    expect(look(laid.place)).toBe(await unpackedForm(layer));
    expect(look(first)).toBe(before);
    const [one, other] = await Promise.all(
      [first, laid.place].map((place) => lstat(join(place, 'app/file-100'))),
    );
    expect(one?.ino).toBe(other?.ino);
  });

  it('needs no earlier one when it is small', async () => {
    const owner = isRoot ? { uid: 7, gid: 8 } : {};
    const layer = await makeLayer([
      { path: 'etc', type: 'directory', mode: 0o751, ...owner },
      { path: 'etc/link', type: 'symlink', linkTarget: '/nowhere', ...owner },
      { path: 'etc/set', text: 'x'.repeat(100_000), mode: 0o4755, ...owner },
      { path: 'etc/same', type: 'hardlink', linkTarget: 'etc/set' },
    ]);
    const { place, unpacked } = await ensure(layer, null);
    expect(unpacked).toBe(false);
    expect(look(place)).toBe(await unpackedForm(layer));
  });

  it.each<[string, EntryInput[]]>([
    ['many entries', MANY],
    ['a large file', [{ path: 'big', text: 'x'.repeat(9_000_000) }]],
    ['attributes', [{ path: 'file', text: '', xattrs: { 'user.note': 'hello' } }]],
    ['a pipe', [{ path: 'pipe', type: 'fifo' }]],
    ['a whiteout', [{ path: 'gone', type: 'whiteout' }]],
    ['a folder that it does not name', [{ path: 'other/file', text: '' }]],
  ])('is unpacked where it has %s', async (_, entries) => {
    const layer = await makeLayer(entries);
    const { place, unpacked } = await ensure(layer, null);
    expect(unpacked).toBe(true);
    expect(look(place)).toBe(await unpackedForm(layer));
    expect((await readdir(join(folder, 'lower'))).filter((name) => name.startsWith('.work'))).toEqual([]);
  });

  it('is unpacked when the earlier one is gone, or lacks a file that it should have', async () => {
    const [earlier, layer] = [await makeLayer(MANY), await makeLayer(changed('app/file-7', { text: 'new' }))];
    expect((await ensure(layer, earlier)).unpacked).toBe(true);
    await store.remove(layer.diffId);
    const place = await store.ensure(earlier, { signal });
    execFileSync('rm', [join(place, 'app/file-5')]);
    const again = await ensure(layer, earlier);
    expect(again.unpacked).toBe(true);
    expect(look(again.place)).toBe(await unpackedForm(layer));
  });
});
