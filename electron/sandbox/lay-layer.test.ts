import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { lstat, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LayerEntry } from '../image/layer-index.ts';
import { findByPath } from './lay-layer.ts';
import { type LayerFolders, LowerStore } from './lower-store.ts';
import { removeTree } from './remove-tree.ts';
import { type EntryInput, makeLayer, type TestLayer } from './testing/make-layer.ts';

const signal = new AbortController().signal;
const LIST =
  "find . -mindepth 1 ! -type d -exec stat -c '%n %F %a %u:%g %Y %s %N' {} + | sort; find . -type f | sort | xargs cat; " +
  "find . -mindepth 1 -type d -exec stat -c '%n %a %u:%g %Y' {} + | sort";
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
      earlier: earlier === null ? null : { ...earlier, entries: await findByPath(earlier.index) },
    });
    const uncompressed: TestLayer['uncompressed'] = (...args) => {
      unpacked = true;
      return layer.uncompressed(...args);
    };
    const places = await store.ensure({ ...layer, uncompressed }, { signal, laying });
    return { places, read, unpacked };
  }

  /** What folders show that lie one over the other. */
  function look(places: LayerFolders): string {
    const lowers = [...places].reverse().join(':');
    const show =
      places.length === 1
        ? '--bind "$1"'
        : `-t overlay -o ${isRoot ? '' : 'userxattr,'}lowerdir="$1" overlay`;
    const script = `mount ${show} "$2" && cd "$2" && { ${LIST}; }`;
    const shown = join(folder, 'shown');
    mkdirSync(shown, { recursive: true });
    const user = isRoot ? [] : ['--map-root-user'];
    const args = [...user, '--mount', 'sh', '-c', script, 'sh', lowers, shown];
    return execFileSync('unshare', args, { maxBuffer: 1 << 24 }).toString();
  }

  /** What unpacking gives. */
  async function unpackedForm(layer: TestLayer): Promise<string> {
    return look(await new LowerStore(join(folder, 'other')).ensure(layer, { signal }));
  }

  const ADDED: [string, EntryInput[], string[]][] = [
    ['a file with another text', changed('app/file-7', { text: 'new text' }), ['app/file-7']],
    ['a file with another mode', changed('app/file-8', { mode: 0o755 }), ['app/file-8']],
    ['a file with another time', changed('app/file-9', { mtime: 1_800_000_000 }), ['app/file-9']],
    ['a folder with another mode', changed('app', { mode: 0o700 }), []],
    ['a folder with another time', changed('app', { mtime: 1_800_000_000 }), []],
    ['a symlink that leads elsewhere', changed('app/link', { linkTarget: '/etc/passwd' }), []],
    ['a file more', [...MANY, { path: 'app/z', text: 'z' }], ['app/z']],
    [
      'a folder more',
      [...MANY, { path: 'new', type: 'directory', mode: 0o700 }, { path: 'new/file', text: 'new' }],
      ['new/file'],
    ],
  ];
  const OTHER: typeof ADDED = [
    ['a file less', MANY.filter(({ path }) => path !== 'app/file-10'), []],
    ['a file in the place of another', changed('app/file-10', { path: 'app/file-0010' }), ['app/file-0010']],
    ['a folder in the place of a file', changed('app/file-11', { type: 'directory', text: '' }), []],
    ['a file in the place of a symlink', changed('app/link', { type: 'file', text: 'x' }), ['app/link']],
    ['another text under two names', changed('app/file-3', { text: 'shared' }), ['app/file-3']],
    ['a second name of another file', changed('app/twin', { linkTarget: 'app/file-4' }), []],
  ];

  it.each([
    ...ADDED.map((row) => [...row, 'over'] as const),
    ...OTHER.map((row) => [...row, 'beside'] as const),
  ])('shows what unpacking gives, where it has %s', async (_, entries, expected, form) => {
    const [earlier, layer] = [await makeLayer(MANY), await makeLayer(entries)];
    const first = await store.ensure(earlier, { signal });
    const before = look(first);
    const laid = await ensure(layer, earlier);
    expect({ unpacked: laid.unpacked, read: laid.read }).toEqual({ unpacked: false, read: expected });
    expect(laid.places).toHaveLength(form === 'over' ? 2 : 1);
    expect(laid.places[0] === first[0]).toBe(form === 'over');
    expect(look(laid.places)).toBe(await unpackedForm(layer));
    expect(look(first)).toBe(before);
    const inodes = [first, laid.places].map(([place = '']) => lstat(join(place, 'app/file-100')));
    const [one, other] = await Promise.all(inodes);
    expect(one?.ino).toBe(other?.ino);
    expect(await store.ensure(layer, { signal })).toEqual(laid.places);
  });

  it('lies over the same whole layer however often it changes, until too much is other', async () => {
    let entries = MANY;
    const earlier = await makeLayer(MANY);
    const whole = await store.ensure(earlier, { signal });
    for (let round = 0; round < 10; round += 1) {
      const path = `app/file-${10 + round}`;
      entries = entries.map((entry) => (entry.path === path ? { ...entry, text: `round ${round}` } : entry));
      const layer = await makeLayer(entries);
      const { places } = await ensure(layer, earlier);
      expect(places).toEqual([whole[0], expect.stringMatching(/-over\/files$/)]);
      expect(look(places)).toBe(await unpackedForm(layer));
      expect(await store.whole(layer.diffId)).toBe(earlier.diffId);
    }
    const other = await makeLayer(entries.map((entry) => ({ ...entry, mtime: 1_800_000_000 })));
    expect((await ensure(other, earlier)).places).toHaveLength(1);
    expect(await store.whole(other.diffId)).toBe(other.diffId);
  });

  it('is made anew when the layer that it lay over is removed, and is removed as a whole itself', async () => {
    const [earlier, layer] = [await makeLayer(MANY), await makeLayer(changed('app/file-7', { text: 'new' }))];
    await store.ensure(earlier, { signal });
    expect((await ensure(layer, earlier)).places).toHaveLength(2);
    await store.remove(earlier.diffId);
    expect(await store.whole(layer.diffId)).toBeNull();
    const again = await ensure(layer, earlier);
    expect(again.unpacked).toBe(true);
    expect(again.places).toHaveLength(1);
    expect(look(again.places)).toBe(await unpackedForm(layer));
    await store.remove(layer.diffId);
    expect(await readdir(join(folder, 'lower'))).toEqual([]);
  });

  it('is put together as a whole where a difference that lies over nothing has its name', async () => {
    const [earlier, layer] = [await makeLayer(MANY), await makeLayer(changed('app/file-7', { text: 'new' }))];
    const second = await makeLayer(changed('app/file-9', { text: 'second' }));
    await store.ensure(earlier, { signal });
    await store.ensure(second, { signal });
    await ensure(layer, earlier);
    await store.remove(earlier.diffId);
    const again = await ensure(layer, second);
    expect(again).toMatchObject({ unpacked: false, places: [expect.not.stringContaining('-over')] });
    expect(look(again.places)).toBe(await unpackedForm(layer));
  });

  it('needs no earlier one when it is small', async () => {
    const owner = isRoot ? { uid: 7, gid: 8 } : {};
    const layer = await makeLayer([
      { path: 'etc', type: 'directory', mode: 0o751, ...owner },
      { path: 'etc/link', type: 'symlink', linkTarget: '/nowhere', ...owner },
      { path: 'etc/set', text: 'x'.repeat(100_000), mode: 0o4755, ...owner },
      { path: 'etc/same', type: 'hardlink', linkTarget: 'etc/set' },
    ]);
    const { places, unpacked } = await ensure(layer, null);
    expect(unpacked).toBe(false);
    expect(look(places)).toBe(await unpackedForm(layer));
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
    const { places, unpacked } = await ensure(layer, null);
    expect(unpacked).toBe(true);
    expect(look(places)).toBe(await unpackedForm(layer));
    expect((await readdir(join(folder, 'lower'))).filter((name) => name.startsWith('.work'))).toEqual([]);
  });

  it('is unpacked when the earlier one is gone, or lacks a file that it should have', async () => {
    const [earlier, layer] = [await makeLayer(MANY), await makeLayer(changed('app/file-7', { text: 'new' }))];
    expect((await ensure(layer, earlier)).unpacked).toBe(true);
    await store.remove(layer.diffId);
    const [place = ''] = await store.ensure(earlier, { signal });
    execFileSync('rm', [join(place, 'app/file-5')]);
    const less = await makeLayer(changed('app/file-10', { path: 'app/file-0010' }));
    const again = await ensure(less, earlier);
    expect(again.unpacked).toBe(true);
    expect(look(again.places)).toBe(await unpackedForm(less));
  });
});
