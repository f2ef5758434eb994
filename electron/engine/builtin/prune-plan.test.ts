import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Digest } from '#shared/oci/digest.ts';
import type { ImageIndex, ImageManifest } from '#shared/oci/manifest.ts';
import { encodeManifest } from '#shared/oci/manifest-codec.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { parseReference } from '#shared/oci/reference.ts';
import { type BuildServices, createBuildServices } from '../../build/build-services.ts';
import { tellListing } from '../../build/cache/source-listing.ts';
import { documentRecord } from '../../store/document-records.ts';
import type { ImageRecord } from '../../store/image-records.ts';
import { openStore, type Store } from '../../store/store.ts';
import { addImage } from '../../store/testing/add-image.ts';
import { createSandboxRunner } from './sandbox-runner.ts';
import { createStorage } from './storage.ts';

let home: string;
let store: Store;
let services: BuildServices;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'strata-prune-'));
  store = await openStore(home);
  const bases = { find: async () => null, fetch: async () => Promise.reject(new Error('no registry here')) };
  services = createBuildServices(store, bases, createSandboxRunner(store));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** Stores a manifest that is no image, as old as need be to be collected. */
async function addDocument(document: ImageManifest | ImageIndex): Promise<Digest> {
  const bytes = encodeManifest(document);
  const { digest } = await store.content.put(bytes);
  await store.documents.put({ ...documentRecord(digest, bytes.length, document), addedAt: 1 });
  return digest;
}

async function addSignature(subject: ImageRecord | Digest): Promise<{ digest: Digest; blob: Digest }> {
  const config = await store.content.put(Buffer.from('{}'));
  const blob = await store.content.put(Buffer.from(`signature of ${JSON.stringify(subject)}`));
  const digest = await addDocument({
    mediaType: MEDIA_TYPE.ociManifest,
    config: { mediaType: MEDIA_TYPE.ociEmpty, ...config },
    layers: [{ mediaType: 'application/vnd.example.signature', ...blob }],
    subject: {
      mediaType: MEDIA_TYPE.ociManifest,
      digest: typeof subject === 'string' ? subject : subject.digest,
      size: 1,
    },
  });
  return { digest, blob: blob.digest };
}

/** Makes all that is there older than any clean-up's limit, and cleans up. */
async function prune(): Promise<void> {
  const old = new Date(Date.now() - 60_000);
  for (const image of await store.images.list()) await store.images.put({ ...image, addedAt: 1 });
  const documents = await store.documents.list();
  const digests = [
    ...(await store.images.list()).flatMap((image) => [
      image.digest,
      image.configDigest,
      ...image.layers.map(({ digest }) => digest),
    ]),
    ...documents.flatMap(({ digest, blobs }) => [digest, ...blobs.map((blob) => blob.digest)]),
  ];
  for (const digest of digests) await utimes(store.paths.blob(digest), old, old);
  await createStorage(services).prune({ signal: new AbortController().signal, onProgress: () => {} });
}

describe('lists of input files', () => {
  it('go when no remembered build names them, and stay while one does', async () => {
    const [named, forgotten] = ['a'.repeat(64), 'b'.repeat(64)] as const;
    const old = new Date(Date.now() - 60_000);
    for (const digest of [named, forgotten]) {
      await services.listings.save(digest, tellListing([{ path: 'a.txt', identity: 'f644 0' }]));
      await utimes(join(store.paths.cacheSources(), digest), old, old);
    }
    const fields = { keyword: 'COPY', sources: named };
    const step = { stage: '', position: 0, keyword: 'COPY', source: 'COPY . .', key: null, fields };
    await services.history.add('/project/Dockerfile', { at: 1, steps: [step] });
    const { reclaimable } = await createStorage(services).usage();
    expect(reclaimable.items.map(({ title }) => title)).toEqual(['1 list of input files']);
    await prune();
    expect(await readdir(store.paths.cacheSources())).toEqual([named]);
  });
});

describe('what a clean-up keeps', () => {
  it('keeps the images of an index with a name, and what was attached to them', async () => {
    const images = [await addImage(store, { a: 'amd64' }), await addImage(store, { a: 'arm64' })];
    const index = await addDocument({
      mediaType: MEDIA_TYPE.ociIndex,
      manifests: images.map(({ mediaType, digest, manifestSize }) => ({
        mediaType,
        digest,
        size: manifestSize,
      })),
    });
    const [first, second] = images as [ImageRecord, ImageRecord];
    const signature = await addSignature(second);
    const ofSignature = await addSignature(signature.digest);
    await store.setName(parseReference('multi:1'), { digest: first.digest, indexDigest: index });
    await prune();
    expect((await store.images.list()).length).toBe(2);
    for (const digest of [index, signature.digest, signature.blob, ofSignature.blob])
      expect(await store.content.has(digest), digest).toBe(true);
  });

  it('removes what no name leads to any more, with its blobs', async () => {
    const image = await addImage(store, { a: 'gone' });
    const signature = await addSignature(image);
    const kept = await addImage(store, { a: 'kept' }, { names: ['kept:1'] });
    await prune();
    expect((await store.images.list()).map(({ digest }) => digest)).toEqual([kept.digest]);
    expect(await store.documents.list()).toEqual([]);
    for (const digest of [image.digest, signature.digest, signature.blob])
      expect(await store.content.has(digest), digest).toBe(false);
  });

  it('keeps an artifact that has a name itself', async () => {
    const chart = await addSignature(
      'sha256:0000000000000000000000000000000000000000000000000000000000000000',
    );
    await store.setName(parseReference('chart:1'), { digest: chart.digest });
    await prune();
    expect(await store.content.has(chart.blob)).toBe(true);
    expect((await store.documents.list()).length).toBe(1);
  });
});
