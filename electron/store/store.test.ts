import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeConfig } from '#shared/oci/config-codec.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { encodeManifest } from '#shared/oci/manifest-codec.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { parseReference } from '#shared/oci/reference.ts';
import { LayerWriter } from '../image/layer-writer.ts';
import { collectionCutoff, findGarbage, removeGarbage, restoreTrash } from './collect.ts';
import { findImage } from './find-image.ts';
import type { ImageRecord } from './image-records.ts';
import { uniqueBytes } from './remove-image.ts';
import { openStore, type Store } from './store.ts';
import { openStoreLayer } from './store-image.ts';

let home: string;
let store: Store;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'strata-store-'));
  store = await openStore(home);
});
afterEach(() => rm(home, { recursive: true, force: true }));

const digestOf = (bytes: Uint8Array) =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest;

/** An image of one layer with one file. */
async function addImage(content: string, others: ImageRecord[] = []): Promise<ImageRecord> {
  const blob = await store.content.ingest();
  const writer = new LayerWriter(blob, { compression: 'gzip' });
  const bytes = Buffer.from(content);
  await writer.add(
    { path: 'f', type: 'file', mode: 0o644, uid: 0, gid: 0, size: bytes.length, mtime: 0 },
    bytes,
  );
  const { diffId, size, mediaType, index } = await writer.finish();
  const { digest } = await blob.commit();
  const layer = { digest, diffId, size, mediaType };
  await store.layers.record(layer, index);
  const layers = [...others.flatMap((image) => image.layers), layer];
  const config = await store.content.put(
    encodeConfig({
      platform: { os: 'linux', architecture: 'amd64' },
      config: {},
      diffIds: layers.map((each) => each.diffId),
      history: [],
    }),
  );
  const manifest = encodeManifest({
    mediaType: MEDIA_TYPE.ociManifest,
    config: { mediaType: MEDIA_TYPE.ociConfig, ...config },
    layers: layers.map((each) => ({ mediaType: each.mediaType, digest: each.digest, size: each.size })),
  });
  return store.addImage((await store.content.put(manifest)).digest);
}

describe('content', () => {
  it('is there under its digest, whole or in part, after commit and not before', async () => {
    const bytes = randomBytes(3_000_000);
    const writer = await store.content.ingest({ expected: { digest: digestOf(bytes), size: bytes.length } });
    await writer.write(bytes.subarray(0, 1_000_000));
    expect(await store.content.has(digestOf(bytes))).toBe(false);
    await writer.write(bytes.subarray(1_000_000, 2_000_000), Buffer.alloc(0), bytes.subarray(2_000_000));
    expect(await writer.commit()).toEqual({ digest: digestOf(bytes), size: bytes.length });
    expect((await buffer(store.content.open(digestOf(bytes)))).equals(bytes)).toBe(true);
    expect(await buffer(store.content.open(digestOf(bytes), { start: 5, end: 9 }))).toEqual(
      bytes.subarray(5, 9),
    );
    expect(await readdir(store.paths.ingest())).toEqual([]);
  });

  it('refuses bytes that are not the expected ones, or too many, and keeps nothing of them', async () => {
    const wanted = digestOf(Buffer.from('wanted'));
    const wrong = await store.content.ingest({ expected: { digest: wanted, size: 6 } });
    await wrong.write(Buffer.from('others'));
    await expect(wrong.commit()).rejects.toMatchObject({
      code: 'digest-mismatch',
      detail: { expected: wanted },
    });
    const longer = await store.content.ingest({ expected: { digest: wanted, size: 6 } });
    await expect(longer.write(Buffer.from('wanted and more'))).rejects.toMatchObject({
      code: 'digest-mismatch',
    });
    expect(await store.content.has(wanted)).toBe(false);
    expect(await readdir(store.paths.ingest())).toEqual([]);
  });

  it('goes on with what an interrupted writer of the same key left', async () => {
    const bytes = Buffer.from('abcdefgh');
    const options = { key: 'abc', expected: { digest: digestOf(bytes), size: 8 } };
    const first = await store.content.ingest(options);
    await first.write(bytes.subarray(0, 5));
    await first.abort({ keep: true });
    const second = await store.content.ingest(options);
    expect(second.offset).toBe(5);
    await second.write(bytes.subarray(5));
    expect((await second.commit()).digest).toBe(digestOf(bytes));
  });

  it('takes up the file of a dead process but not that of a living one', async () => {
    const living = await store.content.ingest({ key: 'k1' });
    await living.write(Buffer.from('mine'));
    const second = await store.content.ingest({ key: 'k1' });
    await writeFile(join(store.paths.ingest(), 'k2.999999999-1.aaaa'), 'left');
    const heir = await store.content.ingest({ key: 'k2' });
    expect([second.offset, heir.offset]).toEqual([0, 4]);
    for (const writer of [living, second, heir]) await writer.abort();
  });
});

describe('names', () => {
  it('point, move, and are drawn into index.json for other tools', async () => {
    const [one, two] = [await addImage('one'), await addImage('two')];
    const name = parseReference('acme/web:1.0');
    expect(await store.setName(name, { digest: one.digest })).toBeNull();
    expect((await store.setName(name, { digest: two.digest }))?.digest).toBe(one.digest);
    const index = JSON.parse(await readFile(store.paths.indexFile(), 'utf8'));
    expect(
      index.manifests.map((m: { digest: string; annotations?: Record<string, string> }) => [
        m.digest,
        m.annotations?.['org.opencontainers.image.ref.name'],
      ]),
    ).toEqual([
      [two.digest, 'acme/web:1.0'],
      [one.digest, undefined],
    ]);
    expect((await store.removeName(name))?.digest).toBe(two.digest);
    expect(await store.names.resolve(name)).toBeNull();
  });

  it('agree with index.json after many writers at once', async () => {
    const image = await addImage('x');
    const others = await Promise.all([1, 2, 3].map(() => openStore(home)));
    await Promise.all(
      Array.from({ length: 24 }, (_, i) =>
        (others[i % 3] as Store).setName(parseReference(`app:${i}`), { digest: image.digest }),
      ),
    );
    const index = JSON.parse(await readFile(store.paths.indexFile(), 'utf8'));
    expect(index.manifests).toHaveLength(24);
  });

  it('are drawn anew when a process was killed between the name and the drawing', async () => {
    const image = await addImage('x');
    await store.refreshLayout();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await store.names.set(parseReference('late:1'), { digest: image.digest });
    await openStore(home);
    expect(await readFile(store.paths.indexFile(), 'utf8')).toContain('late:1');
  });
});

describe('images', () => {
  it('are never made known unless every blob is there', async () => {
    const image = await addImage('whole');
    await store.images.remove(image.digest);
    await rm(store.paths.blob(image.layers[0]?.digest as Digest));
    await expect(store.addImage(image.digest)).rejects.toMatchObject({ code: 'not-found' });
    expect(await store.images.list()).toEqual([]);
  });

  it('are found by name, digest, image ID and an unambiguous beginning', async () => {
    const image = await addImage('found');
    await store.setName(parseReference('a/b'), { digest: image.digest });
    for (const text of [
      'a/b',
      'a/b:latest',
      image.digest,
      image.configDigest,
      image.digest.slice(7, 20),
      image.configDigest.slice(7),
    ]) {
      expect((await findImage(store, text)).digest).toBe(image.digest);
    }
    await expect(findImage(store, 'a/c')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('count as freed only what no other image has', async () => {
    const base = await addImage('base');
    const [one, two] = [await addImage('one', [base]), await addImage('two', [base])];
    const all = [base, one, two];
    const own = (image: ImageRecord) =>
      image.manifestSize + image.configSize + (image.layers.at(-1)?.size ?? 0);
    expect(uniqueBytes(all, new Set([one.digest]))).toBe(own(one));
    expect(uniqueBytes(all, new Set([one.digest, two.digest, base.digest]))).toBe(
      own(one) + own(two) + own(base),
    );
  });
});

describe('collection', () => {
  const age = async (digest: Digest) => {
    const old = new Date(Date.now() - 60_000);
    await utimes(store.paths.blob(digest), old, old);
  };

  it('removes what is old and unwanted, and keeps what a live process touched', async () => {
    const [kept, gone] = [
      await store.content.put(Buffer.from('kept')),
      await store.content.put(Buffer.from('gone')),
    ];
    await age(kept.digest);
    await age(gone.digest);
    const lease = await store.lease();
    expect(await store.content.touch(kept.digest, 4)).toBe(true);
    const cutoff = await collectionCutoff(store.paths);
    for (const garbage of await findGarbage(store.paths.blobs(), () => false, cutoff))
      await removeGarbage(store.paths, garbage, cutoff);
    expect(await store.content.has(kept.digest)).toBe(true);
    expect(await store.content.has(gone.digest)).toBe(false);
    await lease.release();
  });

  it('leaves a file that was touched between finding and removing it', async () => {
    const blob = await store.content.put(Buffer.from('wanted again'));
    await age(blob.digest);
    const cutoff = await collectionCutoff(store.paths);
    const [garbage] = await findGarbage(store.paths.blobs(), () => false, cutoff);
    await store.content.touch(blob.digest);
    expect(garbage && (await removeGarbage(store.paths, garbage, cutoff))).toBe(false);
    expect(await store.content.has(blob.digest)).toBe(true);
  });

  it('does not count the lease of a dead process', async () => {
    await (await store.lease()).release();
    await writeFile(join(store.paths.leases(), '999999999-1.dead'), '');
    expect(await collectionCutoff(store.paths)).toBeGreaterThan(Date.now() - 5000);
    expect(await readdir(store.paths.leases())).toEqual([]);
  });

  it('puts back what a killed clean-up had moved aside', async () => {
    const blob = await store.content.put(Buffer.from('aside'));
    await mkdir(join(store.paths.trash(), 'blobs/sha256'), { recursive: true });
    await rename(
      store.paths.blob(blob.digest),
      join(store.paths.trash(), 'blobs/sha256', blob.digest.slice(7)),
    );
    await restoreTrash(store.paths);
    expect(await store.content.has(blob.digest)).toBe(true);
  });
});

describe('layers that came with an image', () => {
  /** A second image that claims for the blob of `liar` the diffID of `honest`. */
  async function claim(honest: ImageRecord, liar: ImageRecord): Promise<ImageRecord> {
    const [layer, wrong] = [honest.layers[0], liar.layers[0]];
    if (layer === undefined || wrong === undefined) throw new Error('an image of a test has a layer');
    const config = await store.content.put(
      encodeConfig({
        platform: { os: 'linux', architecture: 'amd64' },
        config: {},
        diffIds: [layer.diffId],
        history: [],
      }),
    );
    const { mediaType, digest, size } = wrong;
    const manifest = encodeManifest({
      mediaType: MEDIA_TYPE.ociManifest,
      config: { mediaType: MEDIA_TYPE.ociConfig, ...config },
      layers: [{ mediaType, digest, size }],
    });
    return store.addImage((await store.content.put(manifest)).digest);
  }

  it('are known by their diffID only once they were looked into', async () => {
    const honest = await addImage('right');
    const other = await addImage('wrong');
    const [layer] = (await claim(honest, other)).layers;
    if (layer === undefined) throw new Error('an image of a test has a layer');
    const fresh = await openStore(home);
    expect(await fresh.layers.verifiedSummary(layer)).toBeNull();
    await expect(fresh.layers.verify(layer)).rejects.toMatchObject({ code: 'digest-mismatch' });
    await expect(openStoreLayer(fresh, layer).uncompressed()).rejects.toMatchObject({
      code: 'digest-mismatch',
    });
    await fresh.layers.verify(honest.layers[0] as typeof layer);
    expect(await fresh.layers.summary(layer.diffId)).toEqual({ contentSize: 5, fileCount: 1 });
  });

  it('are no concern of an honest image that is looked into at the same moment', async () => {
    const honest = await addImage('right');
    const other = await addImage('wrong');
    const [lie] = (await claim(honest, other)).layers;
    const [truth] = other.layers;
    if (lie === undefined || truth === undefined) throw new Error('an image of a test has a layer');
    await rm(store.paths.index(truth.digest));
    const fresh = await openStore(home);
    const both = await Promise.allSettled([fresh.layers.index(lie), fresh.layers.index(truth)]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });
});
