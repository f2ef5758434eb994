import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ListingMemory } from '../cache/listing-memory.ts';
import { ContextEntryTable } from '../context/context-entry-table.ts';
import { FileDigests } from '../context/file-digests.ts';
import { scanContext } from '../context/scan-context.ts';
import { listFiles } from '../steps/listed-files.ts';
import { ContextSource } from './context-source.ts';
import { walkTree } from './source-tree.ts';

let folder = '';
let root = '';
const signal = new AbortController().signal;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strata-source-'));
  root = join(folder, 'context');
  mkdirSync(join(root, 'src', 'deep'), { recursive: true });
  mkdirSync(join(root, 'src-2'));
  writeFileSync(join(root, 'src', 'a.ts'), 'aaa');
  writeFileSync(join(root, 'src', 'deep', 'b.ts'), 'bbb');
  writeFileSync(join(root, 'src-2', 'c.ts'), 'ccc');
  symlinkSync('a.ts', join(root, 'src', 'link'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string) => join(folder, name);

interface Opened {
  readonly digests: FileDigests;
  readonly list: (path: string, exclude?: string[]) => Promise<string>;
  readonly save: () => Promise<void>;
}

/** The context as a build some time later finds it: only the clock can make change times old. */
async function open(): Promise<Opened> {
  const scanned = await scanContext(root);
  const entries = new ContextEntryTable();
  for (const entry of scanned.entries)
    entries.add({ ...entry, mtimeMs: entry.mtimeMs - 60_000, ctimeMs: entry.ctimeMs - 60_000 });
  const digests = new FileDigests();
  digests.load(file('digests'));
  const memory = new ListingMemory();
  await memory.load(file('listings'));
  const tree = new ContextSource({ ...scanned, entries }, digests, { memory });
  return {
    digests,
    list: async (path, exclude = []) => {
      const node = tree.get(path);
      if (node === undefined) throw new Error(`no ${path}`);
      return (await listFiles({ items: [{ tree, node, name: path, unpack: false }] }, exclude, signal))
        .digest;
    },
    save: async () => {
      await digests.save(file('digests'));
      await memory.save(file('listings'));
    },
  };
}

/** Lists in one build, then forgets every content digest: what the next one still knows, it remembers. */
async function listOnce(path: string, exclude: string[] = []): Promise<string> {
  const first = await open();
  const digest = await first.list(path, exclude);
  await first.save();
  rmSync(file('digests'), { force: true });
  return digest;
}

describe('what a context remembers of its listings', () => {
  it.each(['src', '', 'src/a.ts'])('opens no file of %j again while none changed', async (path) => {
    const before = await listOnce(path);
    const later = await open();
    expect(await later.list(path)).toBe(before);
    expect(later.digests.reads).toBe(0);
  });

  it.each<readonly [string, () => void]>([
    ['content of the same size', () => writeFileSync(join(root, 'src', 'deep', 'b.ts'), 'xyz')],
    ['a mode', () => chmodSync(join(root, 'src', 'a.ts'), 0o755)],
    ['a new file', () => writeFileSync(join(root, 'src', 'deep', 'new.ts'), '')],
    ['a removed file', () => unlinkSync(join(root, 'src', 'a.ts'))],
    [
      'where a link points',
      () => {
        unlinkSync(join(root, 'src', 'link'));
        symlinkSync('deep', join(root, 'src', 'link'));
      },
    ],
  ])('notices %s', async (_, change) => {
    const before = await listOnce('src');
    change();
    const later = await open();
    expect(await later.list('src')).not.toBe(before);
    expect(later.digests.reads).toBeGreaterThan(0);
  });

  it('does not mind what happens beside what is copied', async () => {
    const before = await listOnce('src');
    writeFileSync(join(root, 'src-2', 'c.ts'), 'other');
    const later = await open();
    expect(await later.list('src')).toBe(before);
    expect(later.digests.reads).toBe(0);
  });

  it('tells what is left out from what is not', async () => {
    const whole = await listOnce('src');
    const later = await open();
    expect(await later.list('src', ['deep'])).not.toBe(whole);
  });

  it('trusts no file that may have changed in the moment it was read', async () => {
    const young = await scanContext(root);
    const memory = new ListingMemory();
    const tree = new ContextSource(young, new FileDigests(), { memory });
    const node = tree.get('src');
    if (node === undefined) throw new Error('no src');
    const items = [{ tree, node, name: 'src', unpack: false }];
    await listFiles({ items }, [], signal);
    expect(await tree.recall(['src'], 'copy ')).toBeNull();
  });

  it('begins anew when what it kept is damaged', async () => {
    const before = await listOnce('src');
    writeFileSync(file('listings'), '{"oh": "no"');
    const later = await open();
    expect(await later.list('src')).toBe(before);
    expect(later.digests.reads).toBe(2);
  });
});

describe('the nodes of a context', () => {
  it('come folder by folder, and all together sorted by path', async () => {
    const tree = new ContextSource(await scanContext(root), new FileDigests());
    expect(Array.from(tree.children(''), ({ path }) => path)).toEqual(['src', 'src-2']);
    expect(Array.from(tree.children('src'), ({ path }) => path)).toEqual([
      'src/a.ts',
      'src/deep',
      'src/link',
    ]);
    expect([...tree.children('src/a.ts')]).toEqual([]);
    const all = Array.from(walkTree(tree, ''), ({ path }) => path);
    expect(all).toEqual(all.toSorted());
    expect(all).toContain('src/deep/b.ts');
  });
});
