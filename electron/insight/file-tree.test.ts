import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LayerEntry, LayerIndex } from '#electron/image/layer-index.ts';
import type { FileRow } from '#shared/contract/images.ts';
import type { TreeView } from './file-row.ts';
import { buildFileTree, type FileTree, findContent } from './file-tree.ts';
import { readContents } from './image-contents.ts';
import { listDirectory } from './list-directory.ts';
import { entry, file, layer } from './testing/layers.ts';
import { findWaste } from './waste.ts';

/** Every row of a view by path. */
function allRows(tree: FileTree, view: TreeView, path = ''): Map<string, FileRow> {
  const rows = new Map<string, FileRow>();
  const listing = listDirectory(tree, { view, path, sort: 'name', offset: 0, limit: 1e9 });
  for (const row of listing.rows) {
    rows.set(row.path, row);
    if (row.hasChildren) for (const [below, inner] of allRows(tree, view, row.path)) rows.set(below, inner);
  }
  return rows;
}

async function changes(...layers: LayerIndex[]): Promise<Record<string, string>> {
  const tree = await buildFileTree(layers, layers.length - 1);
  return Object.fromEntries([...allRows(tree, 'layer')].map(([path, row]) => [path, row.change]));
}

async function stack(...layers: LayerIndex[]): Promise<Map<string, FileRow>> {
  return allRows(await buildFileTree(layers, layers.length - 1), 'stack');
}

const wasteOf = async (...layers: LayerIndex[]) => findWaste(await readContents(layers));
const dir = (path: string, fields: Partial<LayerEntry> = {}) => entry(path, 'directory', fields);
const gone = (path: string) => entry(path, 'whiteout');
const opaque = (path: string) => entry(path, 'opaque');

describe('the changes of a layer', () => {
  const base = layer(
    dir('etc'),
    file('etc/a', 10),
    file('etc/b', 20),
    dir('etc/d'),
    file('etc/d/x', 5),
    dir('var'),
  );

  it.each<[string, LayerEntry[], Record<string, string>]>([
    ['nothing', [], {}],
    ['an added file', [file('etc/new', 1)], { etc: 'none', 'etc/new': 'added' }],
    ['a changed file', [file('etc/a', 11)], { etc: 'none', 'etc/a': 'changed' }],
    ['a removed file', [gone('etc/a')], { etc: 'none', 'etc/a': 'removed' }],
    ['a file shipped again', [file('etc/a', 10)], { etc: 'none', 'etc/a': 'changed' }],
    ['a directory said again', [dir('etc', { mtime: 5 })], {}],
    ['a directory with another mode', [dir('etc', { mode: 0o700 })], { etc: 'changed' }],
    ['a removed directory', [gone('etc/d')], { etc: 'none', 'etc/d': 'removed', 'etc/d/x': 'removed' }],
    [
      'a removed directory made again',
      [gone('etc/d'), dir('etc/d'), file('etc/d/y', 1)],
      { etc: 'none', 'etc/d': 'none', 'etc/d/x': 'removed', 'etc/d/y': 'added' },
    ],
    [
      'an opaque mark after its siblings',
      [file('etc/a', 12), opaque('etc')],
      { etc: 'none', 'etc/a': 'changed', 'etc/b': 'removed', 'etc/d': 'removed', 'etc/d/x': 'removed' },
    ],
    ['a directory replaced by a file', [file('etc/d', 3)], { etc: 'none', 'etc/d': 'changed' }],
    [
      'a file replaced by a directory',
      [dir('etc/a'), file('etc/a/in', 3)],
      { etc: 'none', 'etc/a': 'changed', 'etc/a/in': 'added' },
    ],
    ['a whiteout of what is not there', [gone('etc/zz'), gone('no/such'), opaque('neither')], {}],
    [
      'a path without its directories',
      [file('opt/deep/f', 1)],
      { opt: 'added', 'opt/deep': 'added', 'opt/deep/f': 'added' },
    ],
    ['the same new path twice', [file('n', 1), file('n', 2)], { n: 'added' }],
    ['a new symlink', [entry('link', 'symlink', { linkTarget: 'etc' })], { link: 'added' }],
  ])('names %s', async (_, entries, expected) => {
    expect(await changes(base, layer(...entries))).toEqual(expected);
  });

  it('shows removed rows with the size they had, directories with what the layer ships', async () => {
    const tree = await buildFileTree([base, layer(gone('etc/d'), file('etc/a', 7))], 1);
    const rows = allRows(tree, 'layer');
    expect(rows.get('etc/d')).toMatchObject({ change: 'removed', size: 5, layer: 0, hasChildren: true });
    expect(rows.get('etc')).toMatchObject({ size: 7 });
    expect(allRows(tree, 'stack').get('etc')).toMatchObject({ size: 27 });
  });

  it('are only those of the top layer', async () => {
    expect(await changes(base, layer(file('etc/new', 1)), layer(file('other', 1)))).toEqual({
      other: 'added',
    });
  });
});

describe('the stack', () => {
  it('counts a content with several names once, and keeps it while one name is left', async () => {
    const base = layer(file('a', 100), entry('b', 'hardlink', { linkTarget: 'a' }));
    const both = await stack(base);
    expect(both.get('a')).toMatchObject({ size: 100, type: 'file' });
    expect(both.get('b')).toMatchObject({ size: 0, type: 'hardlink', linkTarget: 'a' });
    const one = await stack(base, layer(gone('a')));
    expect(one.get('b')).toMatchObject({ size: 100, type: 'file', linkTarget: null });
    expect((await wasteOf(base, layer(gone('a')))).waste.wastedBytes).toBe(0);
    expect((await wasteOf(base, layer(gone('a'), gone('b')))).waste.wastedBytes).toBe(100);
  });

  it('puts what leads through a symlink where the link points', async () => {
    const base = layer(dir('usr'), dir('usr/lib'), entry('lib', 'symlink', { linkTarget: 'usr/lib' }));
    const rows = await stack(base, layer(file('lib/x', 3)), layer(gone('lib/y'), file('lib/z', 4)));
    expect(rows.get('usr/lib/x')).toMatchObject({ size: 3 });
    expect(rows.get('usr/lib/z')).toMatchObject({ size: 4 });
    expect(rows.get('lib')?.type).toBe('symlink');
  });

  it.each(['/../../etc', '/etc', 'etc/./', 'loop', 'missing'])(
    'survives a path through the link %s',
    async (linkTarget) => {
      const loop = entry('loop', 'symlink', { linkTarget: 'loop' });
      const rows = await stack(
        layer(dir('etc'), loop, entry('l', 'symlink', { linkTarget })),
        layer(file('l/f', 1)),
      );
      const place = linkTarget.includes('etc') ? 'etc/f' : 'l/f';
      expect(rows.get(place)).toMatchObject({ type: 'file', size: 1 });
    },
  );

  it('finds the content behind links', async () => {
    const layers = [
      layer(dir('d'), file('d/real', 5), entry('l', 'symlink', { linkTarget: '/d/real' })),
      layer(
        entry('h', 'hardlink', { linkTarget: 'd/real' }),
        entry('bad', 'hardlink', { linkTarget: 'none' }),
      ),
    ];
    const tree = await buildFileTree(layers, 1);
    for (const path of ['d/real', 'l', 'h'])
      expect(findContent(tree, path)).toMatchObject({ layer: 0, entry: { path: 'd/real' } });
    expect(() => findContent(tree, 'nowhere')).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(() => findContent(tree, 'd')).toThrow(expect.objectContaining({ code: 'invalid-input' }));
    expect(() => findContent(tree, 'bad')).toThrow(expect.objectContaining({ code: 'invalid-input' }));
  });

  it('refuses a layer that is not there and stops when cancelled', async () => {
    await expect(buildFileTree([], 0)).rejects.toMatchObject({ code: 'not-found' });
    const entries = Array.from({ length: 300_000 }, () => file('f', 1, ''));
    const many = { ...layer(), entries };
    const signal = AbortSignal.abort();
    await expect(buildFileTree([many], 0, signal)).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('random layers', () => {
  const name = fc.constantFrom('a', 'b', 'c');
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  const anyEntry = fc.oneof(
    fc.tuple(path, fc.nat({ max: 50 })).map(([at, size]) => file(at, size)),
    path.map((at) => dir(at)),
    path.map(gone),
    path.map(opaque),
  );
  const layers = fc.array(
    fc.array(anyEntry, { maxLength: 8 }).map((entries) => layer(...entries)),
    { minLength: 1, maxLength: 5 },
  );

  it('look as a naive model says', async () => {
    await fc.assert(
      fc.asyncProperty(layers.map(withoutContradictions), async (indexes) => {
        const below = naive(indexes.slice(0, -1));
        const now = naive(indexes);
        const tree = await buildFileTree(indexes, indexes.length - 1);
        const rows = allRows(tree, 'stack');
        expect(new Map([...rows].map(([at, row]) => [at, row.type]))).toEqual(
          new Map([...now].map(([at, item]) => [at, item.type])),
        );
        for (const [at, row] of rows) expect(row.size).toBe(naiveSize(now, at));
        const shown = allRows(tree, 'layer');
        for (const [at, row] of shown)
          if (row.change === 'removed') expect([below.has(at), now.has(at)]).toEqual([true, false]);
          else if (row.change === 'added') expect([below.has(at), now.has(at)]).toEqual([false, true]);
        for (const at of now.keys()) if (!below.has(at)) expect(shown.get(at)?.change).toBe('added');
        for (const at of below.keys())
          if (!now.has(at) && !isUnderFile(now, at)) expect(shown.get(at)?.change).toBe('removed');
      }),
      { numRuns: 500 },
    );
  });

  it('waste what was shipped and is not visible', async () => {
    await fc.assert(
      fc.asyncProperty(layers, async (indexes) => {
        const shipped = indexes.reduce((sum, { contentSize }) => sum + contentSize, 0);
        const visible = naiveSize(naive(indexes), '');
        const { waste, wastedByLayer } = await findWaste(await readContents(indexes));
        expect(waste.wastedBytes).toBe(shipped - visible);
        expect(waste.items.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(waste.wastedBytes);
        expect(wastedByLayer.reduce((sum, bytes) => sum + bytes, 0)).toBe(waste.wastedBytes);
        expect(waste.efficiency).toBe(shipped === 0 ? 1 : visible / shipped);
      }),
      { numRuns: 300 },
    );
  });
});

/** Layers that do not say two things of one path: file and directory, or file twice. */
function withoutContradictions(indexes: readonly LayerIndex[]): LayerIndex[] {
  return indexes.map(({ entries }) => {
    const kept: LayerEntry[] = [];
    for (const item of entries) {
      const isMark = item.type === 'whiteout' || item.type === 'opaque';
      const clashes = (other: LayerEntry) =>
        other.type !== 'whiteout' &&
        other.type !== 'opaque' &&
        (other.path === item.path ||
          (other.type === 'file' && item.path.startsWith(`${other.path}/`)) ||
          (item.type === 'file' && other.path.startsWith(`${item.path}/`)));
      if (isMark || !kept.some(clashes)) kept.push(item);
    }
    return layer(...kept);
  });
}

type Naive = Map<string, { type: string; size: number }>;

/** The file system as a plain map of paths, made by deleting and setting. */
function naive(indexes: readonly LayerIndex[]): Naive {
  const files: Naive = new Map();
  const drop = (path: string, itself: boolean) => {
    for (const at of [...files.keys()])
      if ((itself && at === path) || at.startsWith(`${path}/`)) files.delete(at);
  };
  for (const { entries } of indexes) {
    for (const { type, path } of entries)
      if (type === 'whiteout' || type === 'opaque') drop(path, type === 'whiteout');
    for (const { type, path, size } of entries) {
      if (type === 'whiteout' || type === 'opaque') continue;
      const parts = path.split('/');
      for (let depth = 1; depth < parts.length; depth += 1) {
        const parent = parts.slice(0, depth).join('/');
        if (files.get(parent)?.type !== 'directory') files.set(parent, { type: 'directory', size: 0 });
      }
      if (type !== 'directory') drop(path, true);
      if (type !== 'directory' || files.get(path)?.type !== 'directory') files.set(path, { type, size });
    }
  }
  return files;
}

function naiveSize(files: Naive, path: string): number {
  let size = 0;
  for (const [at, item] of files)
    if (path === '' || at === path || at.startsWith(`${path}/`)) size += item.size;
  return size;
}

function isUnderFile(files: Naive, path: string): boolean {
  const parts = path.split('/');
  return parts.some((_, at) => files.get(parts.slice(0, at).join('/'))?.type === 'file');
}
