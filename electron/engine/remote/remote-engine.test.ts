import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeManifest } from '#shared/oci/manifest-codec.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import type { RegistryClient } from '../../registry/client.ts';
import { createTestClient } from '../../registry/testing/test-client.ts';
import { openShare, type TestShare } from '../../share/testing/open-share.ts';
import type { ImageRecord } from '../../store/image-records.ts';
import { openStore, type Store } from '../../store/store.ts';
import { addImage } from '../../store/testing/add-image.ts';
import type { WorkbenchEngine } from '../ports.ts';
import { createRemoteEngine } from './remote-engine.ts';

let home: string;
let store: Store;
let registry: TestShare;
let client: RegistryClient;
/** What the registry was asked: `GET blobs/sha256:…`. */
let asked: string[];
let engine: WorkbenchEngine;
let image: ImageRecord;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'strata-remote-'));
  store = await openStore(home);
  registry = await openShare();
  const real = createTestClient();
  asked = [];
  client = {
    ...real,
    send: (request) => {
      asked.push(`${request.method} ${String(request.target).replace('acme/web/', '')}`);
      return real.send(request);
    },
  };
  engine = createRemoteEngine(store, async () => client);
  const files = { 'etc/motd': 'hello from afar\n', 'app/large': 'abc'.repeat(200_000), 'etc/hosts': '::1\n' };
  image = await addImage(registry.store, files, { names: ['acme/web:1.0'] });
});
afterEach(async () => {
  await client.close();
  await registry.remove();
  await rm(home, { recursive: true, force: true });
});

const ref = (tag = ':1.0') => `${registry.share.address}/acme/web${tag}`;
const list = (layer: number, path: string, view: 'layer' | 'stack' = 'stack') =>
  engine.files?.list({ ref: ref(), layer, view, path, sort: 'name', offset: 0, limit: 100 });
const blobsRead = () => asked.filter((line) => line.startsWith('GET blobs/'));

describe('an image at a registry', () => {
  it('shows config, history and sizes without reading a layer', async () => {
    const detail = await engine.images.get(ref());
    expect(detail).toMatchObject({
      manifestDigest: image.digest,
      imageId: image.configDigest,
      browsable: true,
      summary: {
        engine: 'registry',
        id: `${ref('')}@${image.digest}`,
        names: [ref()],
        size: image.layers.reduce((sum, { size }) => sum + size, 0),
        createdAt: Date.parse('2024-01-02T03:04:05Z'),
      },
      config: { cmd: ['/bin/sh'], env: ['PATH=/bin'] },
      history: [{ layer: 0 }, { layer: 1 }, { layer: 2 }],
    });
    expect(detail.layers.map(({ digest, diffId, size }) => ({ digest, diffId, size }))).toEqual(
      image.layers.map(({ digest, diffId, size }) => ({ digest, diffId, size })),
    );
    expect(blobsRead()).toEqual([`GET blobs/${image.configDigest}`]);
    expect(await store.images.list()).toEqual([]);
  });

  it('opens under its digest as its own row says', async () => {
    const { summary } = await engine.images.get(ref());
    expect((await engine.images.get(summary.id)).manifestDigest).toBe(image.digest);
  });

  it('lists files by streaming each layer once, and keeps what it learnt', async () => {
    expect((await list(0, 'etc'))?.rows.map(({ name }) => name)).toEqual(['motd']);
    expect((await list(2, 'etc'))?.rows.map(({ name, change }) => [name, change])).toEqual([
      ['hosts', 'added'],
      ['motd', 'none'],
    ]);
    const layers = image.layers.map(({ digest }) => `GET blobs/${digest}`);
    expect(
      blobsRead()
        .filter((line) => layers.includes(line))
        .sort(),
    ).toEqual([...layers].sort());
    expect(await readdir(store.paths.indexes())).toHaveLength(3);
    asked.length = 0;
    const again = createRemoteEngine(store, async () => client);
    const query = {
      ref: ref(),
      layer: 2,
      view: 'stack',
      path: 'app',
      sort: 'name',
      offset: 0,
      limit: 9,
    } as const;
    expect((await again.files?.list(query))?.rows.map(({ name }) => name)).toEqual(['large']);
    expect(blobsRead()).toEqual([`GET blobs/${image.configDigest}`]);
  });

  it('lists a layer by itself while those below it were not read, and reads layers when told', async () => {
    const alone = {
      ref: ref(),
      layer: 2,
      view: 'layer',
      path: 'etc',
      sort: 'name',
      offset: 0,
      limit: 9,
    } as const;
    expect((await engine.files?.list(alone))?.rows.map(({ name, change }) => [name, change])).toEqual([
      ['hosts', 'added'],
    ]);
    expect(blobsRead().filter((line) => line.includes(image.layers[0]?.digest ?? ''))).toEqual([]);
    expect((await engine.images.get(ref())).layers.map(({ fileCount }) => fileCount)).toEqual([
      null,
      null,
      1,
    ]);
    const told: string[] = [];
    await engine.layers?.read(ref(), [0, 1, 2], {
      onBlob: ({ descriptor, state }) =>
        void told.push(`${image.layers.findIndex(({ digest }) => digest === descriptor.digest)} ${state}`),
    });
    expect(told.filter((line) => /done|exists/.test(line)).sort()).toEqual(['0 done', '1 done', '2 exists']);
    const { layers } = await engine.images.get(ref());
    expect(layers.every(({ unpackedSize }) => unpackedSize !== null)).toBe(true);
    expect(await engine.insight?.waste(ref())).toMatchObject({ waste: { wastedBytes: expect.any(Number) } });
  });

  it('stops reading when it is cancelled', async () => {
    const signal = AbortSignal.abort();
    const reading = engine.layers?.read(ref(), [0, 1], { signal });
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
    expect((await engine.images.get(ref())).layers[0]?.fileCount).toBeNull();
  });

  it('searches, previews and gives files, reading only their layer', async () => {
    expect(
      (await engine.files?.search({ ref: ref(), layer: 2, view: 'stack', limit: 5, query: 'motd' }))?.rows,
    ).toMatchObject([{ path: 'etc/motd' }]);
    asked.length = 0;
    expect(await engine.files?.preview({ ref: ref(), layer: 2, path: 'etc/motd' })).toEqual({
      size: 16,
      text: 'hello from afar\n',
      truncated: false,
    });
    expect(blobsRead()).toEqual([`GET blobs/${image.layers[0]?.digest}`]);
    const file = await engine.files?.open({ ref: ref(), layer: 2, path: 'app/large' });
    expect(file && (await text(file))).toBe('abc'.repeat(200_000));
  });

  it('asks anew what a tag names when the image is opened', async () => {
    await engine.images.get(ref());
    const next = await addImage(registry.store, { a: 'next' }, { names: ['acme/web:1.0'] });
    expect((await engine.images.get(ref())).manifestDigest).toBe(next.digest);
    expect((await list(0, ''))?.rows.map(({ name }) => name)).toEqual(['a']);
  });

  it('shows the first image of a list that has none for this machine', async () => {
    const other = await addImage(registry.store, { a: 'other' }, { platform: 'plan9/mips' });
    const { mediaType, digest, manifestSize: size, platform } = other;
    const index = encodeManifest({
      mediaType: MEDIA_TYPE.ociIndex,
      manifests: [{ mediaType, digest, size, platform }],
    });
    await fetch(`${registry.url}/v2/acme/web/manifests/other`, {
      method: 'PUT',
      body: index,
      headers: { 'content-type': MEDIA_TYPE.ociIndex },
    });
    expect((await engine.images.get(ref(':other'))).manifestDigest).toBe(digest);
  });

  it('says what is not there, and changes nothing', async () => {
    await expect(engine.images.get(ref(':none'))).rejects.toMatchObject({ code: 'not-found' });
    await expect(list(7, '')).rejects.toMatchObject({ code: 'not-found' });
    await expect(engine.images.remove(ref(), { force: true })).rejects.toMatchObject({ code: 'unsupported' });
    expect(await engine.images.list()).toEqual([]);
  });

  it('is compared with an image of the store, which its digest alone means', async () => {
    const files = { 'etc/motd': 'hello from here\n', 'etc/hosts': '::1\n' };
    const own = await addImage(store, files, { names: ['acme/web:1.1'] });
    const there = `${registry.share.address}/acme/web@${image.digest}`;
    const compared = await engine.comparer?.compare(there, own.digest);
    expect(compared?.files).toEqual({ added: 0, changed: 1, removed: 1 });
    expect(compared?.before.summary.engine).toBe('registry');
    expect(compared?.after.summary.id).toBe(own.digest);
    const page = { a: there, b: own.digest, query: '', offset: 0, limit: 10 };
    const found = await engine.comparer?.files(page);
    expect(found?.rows.map(({ path }) => path).sort()).toEqual(['app', 'etc/motd']);
  });
});
