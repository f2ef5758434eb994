import { describe, expect, it } from 'vitest';
import { buildFileTree } from './file-tree.ts';
import { listDirectory } from './list-directory.ts';
import { searchFiles } from './search-files.ts';
import { entry, file, layer } from './testing/layers.ts';

const layers = [
  layer(
    entry('etc', 'directory'),
    file('etc/zeta', 5),
    file('etc/alpha', 50),
    entry('etc/conf.d', 'directory'),
    file('etc/conf.d/x', 20),
    file('readme', 1),
    file('usr/share/README.old', 2),
  ),
  layer(file('etc/new', 7), entry('etc/zeta', 'whiteout')),
];

describe('listDirectory', () => {
  const query = { view: 'stack', path: 'etc', sort: 'name', offset: 0, limit: 100 } as const;

  it('puts directories first, then sorts by name', async () => {
    const tree = await buildFileTree(layers, 0);
    const { rows, total } = listDirectory(tree, query);
    expect(rows.map(({ name }) => name)).toEqual(['conf.d', 'alpha', 'zeta']);
    expect(rows.map(({ path }) => path)).toEqual(['etc/conf.d', 'etc/alpha', 'etc/zeta']);
    expect(total).toBe(3);
  });

  it('sorts by the size that the view shows', async () => {
    const tree = await buildFileTree(layers, 1);
    const names = (view: 'layer' | 'stack') =>
      listDirectory(tree, { ...query, view, sort: 'size' }).rows.map(({ name, size }) => [name, size]);
    expect(names('stack')).toEqual([
      ['alpha', 50],
      ['conf.d', 20],
      ['new', 7],
    ]);
    expect(names('layer')).toEqual([
      ['new', 7],
      ['zeta', 5],
    ]);
  });

  it('gives the page that was asked for and the count of all', async () => {
    const tree = await buildFileTree(layers, 0);
    const page = listDirectory(tree, { ...query, offset: 1, limit: 1 });
    expect(page.rows.map(({ name }) => name)).toEqual(['alpha']);
    expect(page.total).toBe(3);
    expect(listDirectory(tree, { ...query, offset: 9 })).toEqual({ rows: [], total: 3 });
  });

  it.each(['nowhere', 'etc/alpha', 'etc/nothing/x'])('says that %s is no directory', async (path) => {
    const tree = await buildFileTree(layers, 0);
    expect(() => listDirectory(tree, { ...query, path })).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
  });
});

describe('searchFiles', () => {
  const search = async (query: string, view: 'layer' | 'stack' = 'stack', limit = 10) => {
    const { rows, total } = await searchFiles(await buildFileTree(layers, 1), { view, query, limit });
    return { paths: rows.map(({ path }) => path), total };
  };

  it.each<[string, string[]]>([
    ['readme', ['readme', 'usr/share/README.old']],
    ['CONF x', ['etc/conf.d/x']],
    ['etc', ['etc', 'etc/new', 'etc/alpha', 'etc/conf.d', 'etc/conf.d/x']],
    ['conf', ['etc/conf.d', 'etc/conf.d/x']],
    ['zeta', []],
    ['   ', []],
  ])('finds for "%s" the best first', async (query, expected) => {
    expect((await search(query)).paths).toEqual(expected);
  });

  it('finds removed files in the layer view and keeps to the limit', async () => {
    expect(await search('zeta', 'layer')).toEqual({ paths: ['etc/zeta'], total: 1 });
    expect(await search('e', 'stack', 2)).toMatchObject({
      total: 8,
      paths: expect.objectContaining({ length: 2 }),
    });
  });
});
