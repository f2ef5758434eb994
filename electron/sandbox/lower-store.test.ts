import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { parseDiffId } from '#shared/oci/digest.ts';
import { LowerStore } from './lower-store.ts';
import { removeTree } from './remove-tree.ts';
import { hasBusybox, makeBusyboxImage, type TestImage } from './testing/busybox-image.ts';
import { type EntryInput, makeLayer, makeRawTar, type RawEntry } from './testing/make-layer.ts';
import { findWorkers, waitFor } from './testing/traces.ts';
import { FILE_COUNT, manyFilesLayer } from './testing/unpack-layer.ts';

const signal = new AbortController().signal;
const LIST = "find . -mindepth 1 -exec stat -c '%n %F %a %u:%g %Y' {} + | sort";

describe.skipIf(process.platform !== 'linux')('unpacked layers', () => {
  let folder = '';
  let store: LowerStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'strata-lower-'));
    store = new LowerStore(join(folder, 'lower'));
  });
  afterEach(() => removeTree(folder));

  async function ensureTar(tar: Buffer, seed = 1): Promise<string> {
    const diffId = parseDiffId(`sha256:${String(seed).padStart(64, '0')}`);
    const [place = ''] = await store.ensure(
      { diffId, uncompressed: async () => Readable.from([tar]) },
      { signal },
    );
    return place;
  }

  const HOSTILE: [string, RawEntry[], string][] = [
    ['a path that leads out', [{ path: '../out', text: 'x' }], 'unsafe-archive'],
    ['a path that leads out and in again', [{ path: 'a/../../b', text: 'x' }], 'unsafe-archive'],
    [
      'a hard link to a path that leads out',
      [{ path: 'a', type: 'hardlink', linkName: '../out' }],
      'unsafe-archive',
    ],
    ['a hard link to the host', [{ path: 'a', type: 'hardlink', linkName: '/etc/passwd' }], 'malformed'],
    [
      'a hard link to the host through a symlink',
      [
        { path: 'e', type: 'symlink', linkName: '/etc' },
        { path: 'a', type: 'hardlink', linkName: 'e/passwd' },
      ],
      'malformed',
    ],
    [
      'links in a circle',
      [
        { path: 'a', type: 'symlink', linkName: 'b' },
        { path: 'b', type: 'symlink', linkName: 'a' },
        { path: 'a/x', text: 'x' },
      ],
      'unsafe-archive',
    ],
    [
      'a file that is used as a folder',
      [
        { path: 'a', text: 'x' },
        { path: 'a/b', text: 'x' },
      ],
      'malformed',
    ],
    [
      'a folder that becomes a link',
      [
        { path: 'a', type: 'directory' },
        { path: 'a/b', text: 'x' },
        { path: 'a', type: 'symlink', linkName: '/etc' },
      ],
      'malformed',
    ],
    ['a whiteout without a name', [{ path: 'a/.wh.', text: '' }], 'unsafe-archive'],
    ['a whiteout of the folder above', [{ path: 'a/.wh...', text: '' }], 'unsafe-archive'],
    ['an owner beyond all ids', [{ path: 'a', uid: 2 ** 32 - 1 }], 'permission'],
  ];
  it.each(HOSTILE)('refuses %s and leaves nothing', async (_, entries, code) => {
    await expect(ensureTar(await makeRawTar(entries))).rejects.toMatchObject({ code });
    expect(await readdir(folder)).toEqual(['lower']);
    expect(await readdir(join(folder, 'lower'))).toEqual([]);
  });

  it('writes through links inside the layer only', async () => {
    await writeFile(join(folder, 'victim'), 'untouched');
    const tar = await makeRawTar([
      { path: 'abs', type: 'symlink', linkName: folder },
      { path: 'abs/victim', text: 'hit' },
      { path: 'up', type: 'symlink', linkName: '../../..' },
      { path: 'up/victim', text: 'hit' },
      { path: '/leading', text: 'in' },
      { path: './dot', text: 'in' },
    ]);
    const path = await ensureTar(tar);
    expect(await readFile(join(folder, 'victim'), 'utf8')).toBe('untouched');
    expect(existsSync(join(tmpdir(), 'victim'))).toBe(false);
    expect(await readFile(join(path, folder, 'victim'), 'utf8')).toBe('hit');
    expect(await readFile(join(path, 'victim'), 'utf8')).toBe('hit');
    const first = folder.split('/')[1] ?? '';
    expect((await readdir(path)).sort()).toEqual(['abs', 'dot', 'leading', first, 'up', 'victim'].sort());
  });

  it('drops attributes that would steer the overlay', async () => {
    const xattrs = {
      'trusted.overlay.redirect': '/etc',
      'user.overlay.redirect': '/etc',
      'trusted.overlay.opaque': 'y',
      'user.kept': '\xff\x01',
    };
    const path = await ensureTar(await makeRawTar([{ path: 'd', type: 'directory', xattrs }]));
    const said = execFileSync('getfattr', ['-d', '-m', '-', '-e', 'hex', 'd'], {
      cwd: path,
      encoding: 'utf8',
    });
    expect(said).toBe('# file: d\nuser.kept=0xff01\n\n');
  });

  it('a damaged layer is not kept', async () => {
    const layer = await makeLayer([{ path: 'a', text: 'a'.repeat(100_000) }]);
    await expect(ensureTar(layer.tar.subarray(0, 50_000))).rejects.toMatchObject({ code: 'malformed' });
    const broken = async function* () {
      yield layer.tar;
      throw new AppError('digest-mismatch', 'not the same');
    };
    const source = { diffId: layer.diffId, uncompressed: async () => Readable.from(broken()) };
    await expect(store.ensure(source, { signal })).rejects.toMatchObject({ code: 'digest-mismatch' });
    expect(await store.list()).toEqual([]);
    expect(await readdir(join(folder, 'lower'))).toEqual([]);
  });

  it('is unpacked once, however many ask', async () => {
    const layer = await makeLayer(manyFiles(500));
    let reads = 0;
    const counted = {
      ...layer,
      uncompressed: () => {
        reads += 1;
        return layer.uncompressed(signal);
      },
    };
    const paths = await Promise.all([1, 2, 3].map(() => store.ensure(counted, { signal })));
    expect(new Set(paths.flat()).size).toBe(1);
    expect(reads).toBe(1);
    await store.ensure(counted, { signal });
    expect(reads).toBe(1);
  });

  it('two that do not know of each other agree', async () => {
    const layer = await makeLayer(manyFiles(500));
    const other = new LowerStore(join(folder, 'lower'));
    const [[a = ''], b] = await Promise.all([
      store.ensure(layer, { signal }),
      other.ensure(layer, { signal }),
    ]);
    expect(b).toEqual([a]);
    expect(await readdir(join(folder, 'lower'))).toHaveLength(1);
    expect(await readdir(join(a, 'dir'))).toHaveLength(500);
  });

  it('processes agree, and one that is killed leaves nothing half done', async () => {
    const lower = join(folder, 'lower');
    const layer = await manyFilesLayer();
    for (const ms of [0, 20, 60, 120, 250]) {
      const child = unpackInProcess(lower);
      const exited = once(child, 'exit');
      await once(child.stdout, 'data');
      await delay(ms);
      child.kill('SIGKILL');
      await exited;
      expect(await waitFor(() => findWorkers(lower), 'none')).toEqual([]);
      for (const name of await namesIn(lower)) {
        if (!name.startsWith('.work-'))
          expect(await readdir(join(lower, name, 'dir'))).toHaveLength(FILE_COUNT);
      }
      await store.sweep();
      expect((await namesIn(lower)).filter((name) => name.startsWith('.'))).toEqual([]);
      await store.remove(layer.diffId);
    }
    const both = await Promise.all([lower, lower].map((path) => outputOf(unpackInProcess(path))));
    const path = join(lower, layer.diffId.slice('sha256:'.length));
    expect(both).toEqual([`begin\n${path}\n`, `begin\n${path}\n`]);
    expect(await readdir(join(path, 'dir'))).toHaveLength(FILE_COUNT);
    expect(await readdir(lower)).toHaveLength(1);
  }, 60_000);

  it('who waits goes on when the one at work is cancelled', async () => {
    const layer = await makeLayer(manyFiles(200));
    const controller = new AbortController();
    const first = store.ensure(layer, { signal: controller.signal });
    const second = store.ensure(layer, { signal });
    controller.abort();
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    const [place = ''] = await second;
    expect(await readdir(join(place, 'dir'))).toHaveLength(200);
  });

  it('what a killed process left is swept, what a living one makes is not', async () => {
    const layer = await makeLayer(manyFiles(10));
    await store.ensure(layer, { signal });
    const lower = join(folder, 'lower');
    execFileSync('mkdir', [
      '-p',
      join(lower, '.work-999999999-1.abc/x'),
      join(lower, `.work-${process.pid}-0.def`),
    ]);
    await store.sweep();
    expect((await readdir(lower)).filter((name) => name.startsWith('.'))).toEqual([
      `.work-${process.pid}-0.def`,
    ]);
    expect(await store.list()).toEqual([layer.diffId]);
  });

  it('is removed with everything in it', async () => {
    const layer = await makeLayer([{ path: 'a/b', text: 'x', uid: 1000 }]);
    await store.ensure(layer, { signal });
    await store.remove(layer.diffId);
    expect(await readdir(join(folder, 'lower'))).toEqual([]);
  });
});

describe.skipIf(!hasBusybox)('layers under a step (needs Linux and busybox-static)', () => {
  let image: TestImage;
  beforeEach(async () => {
    image = await makeBusyboxImage();
  });
  afterEach(() => image.remove());

  async function listing(folder: string): Promise<string> {
    return (await image.run(LIST, { cwd: folder })).out;
  }

  it('hold every kind of file with owner, mode and time', async () => {
    await image.addEntries([
      { path: 'd', type: 'directory', mode: 0o1777, uid: 7, gid: 8, mtime: 1_600_000_000 },
      { path: 'd/abs', type: 'symlink', linkTarget: '/etc/passwd', mode: 0o777 },
      { path: 'd/f', mode: 0o4755, uid: 1000, gid: 1001, text: 'body', mtime: 1_500_000_000 },
      { path: 'd/h', type: 'hardlink', linkTarget: 'd/f' },
      { path: 'd/p', type: 'fifo', mode: 0o600 },
      { path: 'd/rel', type: 'symlink', linkTarget: '../../../../../../etc', mode: 0o777 },
      { path: 'd/ro', type: 'directory', mode: 0o500, uid: 1000 },
      { path: 'd/ro/in', text: 'x', mode: 0, uid: 1000, mtime: 1 },
    ]);
    expect(await listing('/d')).toBe(
      [
        './abs symbolic link 777 0:0 1700000000',
        './f regular file 4755 1000:1001 1500000000',
        './h regular file 4755 1000:1001 1500000000',
        './p fifo 600 0:0 1700000000',
        './rel symbolic link 777 0:0 1700000000',
        './ro directory 500 1000:0 1700000000',
        './ro/in regular file 0 1000:0 1',
        '',
      ].join('\n'),
    );
    const { out } = await image.run("stat -c '%a %u:%g %Y' /d; readlink /d/abs; readlink /d/rel; cat /d/h");
    expect(out).toBe('1777 7:8 1600000000\n/etc/passwd\n../../../../../../etc\nbody');
  });

  it('hide and replace as the image specification says, in any order within a layer', async () => {
    await image.addEntries([
      { path: 'w', type: 'directory' },
      ...['a', 'b', 'c', 'd', 'e'].flatMap((name): EntryInput[] => [
        { path: `w/${name}`, type: 'directory' },
        { path: `w/${name}/old` },
      ]),
      { path: 'w/file' },
    ]);
    await image.addEntries([
      { path: 'w', type: 'directory', mode: 0o711 },
      // Opaque after its content; a whiteout before and after a folder of the same name.
      { path: 'w/a', type: 'directory' },
      { path: 'w/a/new' },
      { path: 'w/a', type: 'opaque' },
      { path: 'w/b', type: 'whiteout' },
      { path: 'w/b', type: 'directory' },
      { path: 'w/b/new' },
      { path: 'w/c', type: 'directory', mode: 0o700 },
      { path: 'w/c/new' },
      { path: 'w/c', type: 'whiteout' },
      { path: 'w/d', type: 'whiteout' },
      { path: 'w/e/old', type: 'whiteout' },
      { path: 'w/file', type: 'whiteout' },
      { path: 'w/file', text: 'new' },
    ]);
    expect((await listing('/w')).replaceAll(/ \d+$/gm, '')).toBe(
      [
        './a directory 755 0:0',
        './a/new regular empty file 644 0:0',
        './b directory 755 0:0',
        './b/new regular empty file 644 0:0',
        './c directory 700 0:0',
        './c/new regular empty file 644 0:0',
        './e directory 755 0:0',
        './file regular file 644 0:0',
        '',
      ].join('\n'),
    );
  });

  it('folders that a layer fills without naming them stay as they are below', async () => {
    await image.addEntries([{ path: 'tmp/x' }, { path: 'home/app/.cache/y' }]);
    const { out } = await image.run("stat -c '%n %a %u:%g' /tmp /home /home/app /home/app/.cache");
    expect(out).toBe('/tmp 1777 0:0\n/home 755 0:0\n/home/app 700 1000:1001\n/home/app/.cache 755 0:0\n');
    expect(await image.store.list()).toHaveLength(2);
    const again = await image.run('true');
    expect(again.exitCode).toBe(0);
  });

  it('can be 200', async () => {
    for (let i = 0; i < 200; i += 1) await image.addEntries([{ path: `many-${i}`, text: `${i}` }]);
    const { out } = await image.run('cat /many-0 /many-199; ls -d /many-* | wc -l');
    expect(out).toBe('0199200\n');
  });

  it('may be none at all', async () => {
    image.layers = [];
    const { exitCode, err } = await image.run('true');
    expect({ exitCode, err }).toMatchObject({ exitCode: 127, err: expect.stringContaining('/bin/sh') });
  });
});

function unpackInProcess(lower: string) {
  const script = fileURLToPath(new URL('testing/unpack-layer.ts', import.meta.url));
  return spawn(process.execPath, ['--import', 'tsx', script, lower], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Empty for a folder that nobody has made yet. */
function namesIn(path: string): Promise<string[]> {
  return readdir(path).catch(() => []);
}

function outputOf(child: ReturnType<typeof unpackInProcess>): Promise<string> {
  return text(child.stdout);
}

function manyFiles(count: number): EntryInput[] {
  const files = Array.from({ length: count }, (_, i) => ({ path: `dir/f${i}`, text: `${i}` }));
  return [{ path: 'dir', type: 'directory' }, ...files];
}
