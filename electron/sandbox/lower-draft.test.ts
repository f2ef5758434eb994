import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LowerStore } from './lower-store.ts';
import { removeTree } from './remove-tree.ts';
import { type EntryInput, makeLayer, type TestLayer } from './testing/make-layer.ts';

const signal = new AbortController().signal;
const LIST = "find . -mindepth 1 -exec stat -c '%n %F %a %u:%g %Y %h %s' {} + | sort; cat $(find . -type f)";

const PLAIN: EntryInput[] = [
  { path: 'app', type: 'directory', mode: 0o2750, uid: 7, gid: 8 },
  { path: 'app/big', text: 'x'.repeat(3_000_000), mode: 0o4711 },
  { path: 'app/link', type: 'symlink', linkTarget: '/etc/passwd' },
  { path: 'app/same', type: 'hardlink', linkTarget: 'app/big' },
  { path: `app/${'long'.repeat(50)}`, text: 'long name', xattrs: { 'user.note': 'hello' } },
];

describe.skipIf(process.platform !== 'linux')('a layer that is unpacked while it is written', () => {
  let folder = '';
  let store: LowerStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'strata-draft-'));
    store = new LowerStore(join(folder, 'lower'));
  });
  afterEach(() => removeTree(folder));

  /** Writes the tar of a layer into a draft, in pieces, and hands it over. */
  async function draftOf({ tar, index }: TestLayer, stop?: AbortSignal): Promise<void> {
    const draft = await store.draft(stop ?? signal);
    for (let at = 0; at < tar.length; at += 100_000) await draft.write(tar.subarray(at, at + 100_000));
    await store.take(draft, index);
  }

  const names = () => readdir(join(folder, 'lower'));

  it('holds what unpacking it afterwards gives, and is not unpacked again', async () => {
    const layer = await makeLayer(PLAIN);
    await draftOf(layer);
    const unread = { ...layer, uncompressed: () => Promise.reject(new Error('read again')) };
    const [place = ''] = await store.ensure(unread, { signal });
    const drafted = execFileSync('sh', ['-c', LIST], { cwd: place, maxBuffer: 1 << 24 }).toString();
    const other = new LowerStore(join(folder, 'other'));
    const [unpacked = ''] = await other.ensure(layer, { signal });
    expect(execFileSync('sh', ['-c', LIST], { cwd: unpacked, maxBuffer: 1 << 24 }).toString()).toBe(drafted);
    expect(drafted).toContain('4711');
  });

  it.each<[string, EntryInput]>([
    ['a whiteout', { path: 'app/gone', type: 'whiteout' }],
    ['an opaque folder', { path: 'app', type: 'opaque' }],
    ['a device that would hide what is below', { path: 'app/null', type: 'char', devMajor: 0, devMinor: 0 }],
    ['a folder that it does not name', { path: 'other/file', text: '' }],
    ['an attribute of an overlay', { path: 'app/x', text: '', xattrs: { 'user.overlay.opaque': 'y' } }],
  ])('is left to the usual way when it holds %s', async (_, entry) => {
    const layer = await makeLayer([...PLAIN.slice(0, 2), entry]);
    await draftOf(layer);
    expect(await names()).toEqual([]);
  });

  it('leaves nothing behind when it is dropped or cancelled', async () => {
    const draft = await store.draft(signal);
    await draft.write(new Uint8Array(512));
    await draft.drop();
    expect(await names()).toEqual([]);
    const stop = new AbortController();
    stop.abort();
    await draftOf(await makeLayer(PLAIN), stop.signal);
    expect(await names()).toEqual([]);
  });
});
