import { describe, expect, it } from 'vitest';
import { LayerEntryTable } from './layer-entry-table.ts';
import type { LayerEntry } from './layer-index.ts';

const HASH = 'ab'.repeat(32);
const file: LayerEntry = {
  ...{
    path: 'bin/tool',
    type: 'file',
    mode: 0o4755,
    uid: 1000,
    gid: 2 ** 32 - 2,
    size: 2 ** 40,
    mtime: -1.5,
  },
  ...{ offset: 2 ** 41, contentHash: HASH, linkTarget: undefined, xattrs: undefined },
  ...{ devMajor: undefined, devMinor: undefined, sparse: undefined },
};

describe('LayerEntryTable', () => {
  it.each<[string, Partial<LayerEntry>]>([
    ['a file', {}],
    ['a file whose hash is not known', { contentHash: undefined }],
    ['the root', { path: '', type: 'directory', size: 0, contentHash: undefined }],
    ['a link to nothing', { type: 'symlink', linkTarget: '', contentHash: undefined }],
    ['a device 0/0', { type: 'char', devMajor: 0, devMinor: 0, contentHash: undefined }],
    ['attributes and holes', { xattrs: { 'user.a': 'ÿ' }, sparse: true }],
    ['a mark', { type: 'opaque', contentHash: undefined }],
  ])('gives back %s', (_, change) => {
    const table = new LayerEntryTable();
    const entry = { ...file, ...change };
    table.add(file);
    expect(table.add(entry)).toBe(1);
    expect(table.at(1)).toEqual(entry);
    expect(table.at(0)).toEqual(file);
  });

  it('keeps thousands of entries in their order', () => {
    const entries = Array.from({ length: 3000 }, (_, at) => ({ ...file, path: `dir/${at}`, offset: at }));
    const table = new LayerEntryTable();
    for (const entry of entries) table.add(entry);
    expect(table.length).toBe(3000);
    expect([...table]).toEqual(entries);
    expect(table.at(3000)).toBeUndefined();
  });

  it('takes a hash later, of this entry alone', () => {
    const table = new LayerEntryTable();
    for (let at = 0; at < 300; at += 1) table.add({ ...file, contentHash: undefined });
    table.setHash(299, HASH);
    expect([...table].map(({ contentHash }) => contentHash).filter(Boolean)).toEqual([HASH]);
    expect(table.at(299)?.contentHash).toBe(HASH);
  });
});
