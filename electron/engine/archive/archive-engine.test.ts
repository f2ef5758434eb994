import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImageRecord } from '../../store/image-records.ts';
import { openStore, type Store } from '../../store/store.ts';
import { addImage } from '../../store/testing/add-image.ts';
import { createArchives } from '../builtin/archives.ts';
import type { ArchiveViewer, WorkbenchEngine } from '../ports.ts';
import { createArchiveEngine } from './archive-engine.ts';

const run = promisify(execFile);

let folder: string;
let store: Store;
/** Where images are looked at: it holds none of them. */
let other: Store;
let viewer: WorkbenchEngine & ArchiveViewer;
let image: ImageRecord;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strata-archive-'));
  store = await openStore(join(folder, 'made'));
  other = await openStore(join(folder, 'seen'));
  viewer = createArchiveEngine(other);
  const files = { 'etc/motd': 'hello\n', 'app/large': 'abc'.repeat(200_000), 'etc/hosts': '::1\n' };
  image = await addImage(store, files, { names: ['acme/web:1.0'] });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function save(ref: string, format: 'oci' | 'docker', name: string): Promise<string> {
  const path = join(folder, name);
  const archive = await createArchives(store).save(ref, { format });
  await pipeline(archive.open(new AbortController().signal), createWriteStream(path));
  return path;
}

/** Unpacks a tar into a folder of its own. */
async function unpack(path: string, name: string): Promise<string> {
  const target = join(folder, name);
  await mkdir(target);
  await run('tar', ['-xf', path, '-C', target]);
  return target;
}

async function pack(source: string, name: string, ...options: string[]): Promise<string> {
  const path = join(folder, name);
  await run('tar', [...options, '-cf', path, '-C', source, '.']);
  return path;
}

const list = (ref: string, path: string) =>
  viewer.files?.list({ ref, layer: 2, view: 'stack', path, sort: 'name', offset: 0, limit: 100 });

describe('an image in an archive', () => {
  it.each([
    ['an OCI layout tar', (path: string) => path],
    ['a layout folder', (path: string) => unpack(path, 'layout')],
    [
      'a gzip of it',
      async (path: string) => {
        await writeFile(`${path}.gz`, gzipSync(await readFile(path)));
        return `${path}.gz`;
      },
    ],
    [
      'a tar with other headers',
      async (path: string) => pack(await unpack(path, 'again'), 'gnu.tar', '--format=gnu'),
    ],
  ])('is shown from %s: details, files, waste; nothing is loaded', async (_, make) => {
    const path = await make(await save('acme/web:1.0', 'oci', 'web.tar'));
    const { images } = await viewer.contents(path);
    expect(images).toMatchObject([
      { engine: 'archive', id: `${path}@${image.digest}`, names: ['acme/web:1.0'], usedBy: [] },
    ]);
    const detail = await viewer.images.get(path);
    expect(detail).toMatchObject({
      manifestDigest: image.digest,
      imageId: image.configDigest,
      browsable: true,
      config: { cmd: ['/bin/sh'] },
    });
    expect(detail.layers.map(({ digest, diffId, size }) => ({ digest, diffId, size }))).toEqual(
      image.layers.map(({ digest, diffId, size }) => ({ digest, diffId, size })),
    );
    const ref = detail.summary.id;
    expect((await list(ref, 'etc'))?.rows.map(({ name }) => name)).toEqual(['hosts', 'motd']);
    const large = await viewer.files?.open({ ref, layer: 2, path: 'app/large' });
    expect(large && (await text(large))).toBe('abc'.repeat(200_000));
    expect((await viewer.insight?.waste(ref))?.wastedByLayer).toEqual([0, 0, 0]);
    expect(await other.images.list()).toEqual([]);
    expect(await readdir(join(other.paths.blobs(), 'sha256')).catch(() => [])).toEqual([]);
  });

  it('is compared with another one, and with one of the store', async () => {
    const next = await addImage(
      store,
      { 'etc/motd': 'bye\n', 'app/large': 'abc'.repeat(200_000) },
      {
        names: ['acme/web:2.0'],
      },
    );
    const before = await save('acme/web:1.0', 'oci', 'one.tar');
    const after = await save('acme/web:2.0', 'docker', 'two.tar');
    const compared = await viewer.comparer?.compare(before, after);
    expect(compared?.files).toEqual({ added: 0, changed: 1, removed: 1 });
    const here = await addImage(other, { 'etc/motd': 'bye\n', 'app/large': 'abc'.repeat(200_000) });
    expect(here.digest).toBe(next.digest);
    expect((await viewer.comparer?.compare(here.digest, after))?.files).toEqual({
      added: 0,
      changed: 0,
      removed: 0,
    });
  });

  it('reads what docker save wrote before version 25: paths, links and bare layers', async () => {
    const tar = await unpack(await save('acme/web:1.0', 'docker', 'web.tar'), 'classic');
    const old = join(folder, 'old');
    await mkdir(old);
    const config = await readFile(join(tar, 'blobs', 'sha256', image.configDigest.slice(7)));
    await writeFile(join(old, `${image.configDigest.slice(7)}.json`), config);
    const layers: string[] = [];
    for (const [i, layer] of image.layers.entries()) {
      await mkdir(join(old, `layer${i}`));
      const blob = join(tar, 'blobs', 'sha256', layer.digest.slice(7));
      const { stdout } = await run('gzip', ['-dc', blob], { encoding: 'buffer', maxBuffer: 1 << 26 });
      await writeFile(join(old, `layer${i}`, i === 1 ? 'real.tar' : 'layer.tar'), stdout);
      if (i === 1) await symlink('../layer1/real.tar', join(old, 'layer1', 'layer.tar'));
      layers.push(`layer${i}/layer.tar`);
    }
    const entry = { Config: `${image.configDigest.slice(7)}.json`, RepoTags: ['acme/old:1'], Layers: layers };
    await writeFile(join(old, 'manifest.json'), JSON.stringify([entry]));
    const path = await pack(old, 'old.tar');
    const detail = await viewer.images.get(path);
    expect(detail).toMatchObject({
      manifestDigest: null,
      rawManifest: null,
      imageId: image.configDigest,
      summary: { names: ['acme/old:1'] },
    });
    expect(detail.layers.map(({ digest }) => digest)).toEqual(image.layers.map(({ diffId }) => diffId));
    expect((await list(path, 'app'))?.rows.map(({ name }) => name)).toEqual(['large']);
  });

  it('is chosen of several by digest, its beginning or a name; else the one for this machine', async () => {
    const arm = await addImage(store, { a: 'arm' }, { names: ['acme/arm:1'], platform: 'linux/s390x' });
    const one = await unpack(await save('acme/arm:1', 'oci', 'arm.tar'), 'both');
    await run('tar', [
      '-xf',
      await save('acme/web:1.0', 'oci', 'web.tar'),
      '-C',
      one,
      '--exclude=./index.json',
      '--exclude=index.json',
    ]);
    const entries = [arm, image].map((each) => ({
      mediaType: each.mediaType,
      digest: each.digest,
      size: each.manifestSize,
      annotations: { 'org.opencontainers.image.ref.name': each === arm ? 'acme/arm:1' : 'acme/web:1.0' },
    }));
    await writeFile(join(one, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: entries }));
    expect((await viewer.contents(one)).images.map(({ names }) => names)).toEqual([
      ['acme/arm:1'],
      ['acme/web:1.0'],
    ]);
    expect((await viewer.images.get(`${one}@acme/arm:1`)).manifestDigest).toBe(arm.digest);
    expect((await viewer.images.get(`${one}@${arm.digest.slice(7, 19)}`)).manifestDigest).toBe(arm.digest);
    expect((await viewer.images.get(`${one}@${image.digest}`)).manifestDigest).toBe(image.digest);
    await expect(viewer.images.get(`${one}@acme/none:1`)).rejects.toMatchObject({
      code: 'not-found',
      hint: expect.stringContaining('acme/arm:1 (linux/s390x)'),
    });
  });

  it('is read again when its file changed', async () => {
    const path = await save('acme/web:1.0', 'oci', 'web.tar');
    expect((await viewer.images.get(path)).manifestDigest).toBe(image.digest);
    const next = await addImage(store, { a: 'next' }, { names: ['acme/next:1'] });
    await save('acme/next:1', 'oci', 'web.tar');
    expect((await viewer.images.get(path)).manifestDigest).toBe(next.digest);
  });

  it('changes nothing', async () => {
    const path = await save('acme/web:1.0', 'oci', 'web.tar');
    await expect(viewer.images.remove(path, { force: true })).rejects.toMatchObject({ code: 'unsupported' });
    expect(await viewer.images.list()).toEqual([]);
  });
});

describe('a broken or hostile archive', () => {
  it.each([
    ['no archive at all', async () => write('text.tar', 'hello, this is no tar'.repeat(60)), 'malformed'],
    ['an empty file', async () => write('empty.tar', ''), 'malformed'],
    [
      'a tar of other things',
      async () => pack(await folderWith({ 'readme.md': 'hello' }), 'x.tar'),
      'malformed',
    ],
    ['a cut-off tar', async () => cut(await save('acme/web:1.0', 'oci', 'web.tar')), 'malformed'],
    ['a cut-off gzip', async () => cutGzip(await save('acme/web:1.0', 'oci', 'web.tar')), 'malformed'],
    ['an index that is no JSON', async () => folderWith({ 'index.json': 'no' }), 'malformed'],
    [
      'an index of nothing',
      async () => folderWith({ 'index.json': '{"schemaVersion":2,"manifests":[]}' }),
      'malformed',
    ],
    [
      'a manifest.json that is none',
      async () => pack(await folderWith({ 'manifest.json': '{"a":1}' }), 'm.tar'),
      'malformed',
    ],
    [
      'a manifest.json whose files are missing',
      async () =>
        pack(await folderWith({ 'manifest.json': '[{"Config":"c.json","Layers":["l.tar"]}]' }), 'm.tar'),
      'malformed',
    ],
    [
      'paths that leave the archive',
      async () =>
        pack(
          await folderWith({ 'manifest.json': '[]' }),
          'up.tar',
          '--transform=s,^./manifest,../manifest,',
          '-P',
        ),
      'unsafe-archive',
    ],
    [
      'a document of many megabytes',
      async () => folderWith({ 'index.json': ' '.repeat(5_000_000) }),
      'malformed',
    ],
    ['what is not there', async () => join(folder, 'none.tar'), 'not-found'],
  ])('is refused in plain words: %s', async (_, make, code) => {
    await expect(viewer.contents(await make())).rejects.toMatchObject({ code });
  });

  it('is refused where a document was changed', async () => {
    const layout = await unpack(await save('acme/web:1.0', 'oci', 'web.tar'), 'changed');
    const config = join(layout, 'blobs', 'sha256', image.configDigest.slice(7));
    await writeFile(config, (await readFile(config, 'utf8')).replace('/bin/sh', '/bin/no'));
    await expect(viewer.contents(layout)).rejects.toMatchObject({ code: 'digest-mismatch' });
  });

  it('is refused where a layer was changed or is missing, when its files are asked for', async () => {
    const layout = await unpack(await save('acme/web:1.0', 'oci', 'web.tar'), 'layers');
    const [first, second] = image.layers.map(({ digest }) =>
      join(layout, 'blobs', 'sha256', digest.slice(7)),
    );
    await writeFile(first as string, await readFile(second as string));
    await expect(list(layout, '')).rejects.toMatchObject({ code: 'digest-mismatch' });
    await rm(first as string);
    await expect(list(layout, '')).rejects.toMatchObject({ code: 'malformed' });
    expect((await viewer.images.get(layout)).layers).toHaveLength(3);
  });

  it('is refused where a layer unpacks to what it should, but has another digest; nothing is kept of it', async () => {
    const layout = await unpack(await save('acme/web:1.0', 'oci', 'web.tar'), 'repacked');
    const layer = image.layers[0] as ImageRecord['layers'][number];
    const blob = join(layout, 'blobs', 'sha256', layer.digest.slice(7));
    await writeFile(blob, gzipSync(gunzipSync(await readFile(blob)), { level: 1 }));
    await expect(list(layout, '')).rejects.toMatchObject({
      code: 'digest-mismatch',
      detail: { expected: layer.digest },
    });
    expect(await other.layers.known(layer)).toBeNull();
    await writeFile(blob, Buffer.concat([await buffer(store.content.open(layer.digest)), Buffer.alloc(512)]));
    await expect(list(layout, '')).rejects.toMatchObject({ code: 'digest-mismatch' });
    expect(await other.layers.known(layer)).toBeNull();
  });

  it('cannot make a layout folder show files outside of it', async () => {
    const layout = await folderWith({});
    await writeFile(join(folder, 'secret.json'), '{"schemaVersion":2,"manifests":[]}');
    await symlink('../secret.json', join(layout, 'index.json'));
    await expect(viewer.contents(layout)).rejects.toMatchObject({ code: 'unsafe-archive' });
  });

  it('is not opened where nobody chose its path', async () => {
    const path = await save('acme/web:1.0', 'oci', 'web.tar');
    const asked: string[] = [];
    const careful = createArchiveEngine(other, (wanted) => {
      asked.push(wanted);
      throw new Error('not chosen');
    });
    await expect(careful.images.get(path)).rejects.toThrow('not chosen');
    await expect(careful.contents(path)).rejects.toThrow('not chosen');
    expect(asked).toContain(path);
  });
});

async function write(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const path = await mkdtemp(join(folder, 'layout-'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content);
  return path;
}

async function cut(path: string): Promise<string> {
  await truncate(path, 1500);
  return path;
}

async function cutGzip(path: string): Promise<string> {
  const bytes = gzipSync(await readFile(path));
  const file = await open(`${path}.gz`, 'w');
  await file.writeFile(bytes.subarray(0, bytes.length / 2));
  await file.close();
  return `${path}.gz`;
}
