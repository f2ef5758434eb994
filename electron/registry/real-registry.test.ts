import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BlobProgress } from '#electron/image/image.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { parsePlatform } from '#shared/oci/platform.ts';
import { parseReference } from '#shared/oci/reference.ts';
import type { RegistryClient } from './client.ts';
import { headManifest, putManifest } from './manifests.ts';
import { pullImage } from './pull.ts';
import { pushImage } from './push.ts';
import { ownRepository } from './repository.ts';
import { listTags } from './tags.ts';
import { FolderBlobStore } from './testing/folder-blob-store.ts';
import { makeImage, makeIndex } from './testing/make-image.ts';
import { HAS_REGISTRY, type RealRegistry, startRealRegistry } from './testing/real-registry.ts';
import { createTestClient } from './testing/test-client.ts';

const platform = parsePlatform('linux/amd64');

describe.skipIf(!HAS_REGISTRY)('a real registry (package docker-registry)', () => {
  let registry: RealRegistry;
  let client: RegistryClient;
  let folder: string;
  let store: FolderBlobStore;

  beforeAll(async () => {
    registry = await startRealRegistry();
  });
  afterAll(() => registry.close());
  beforeEach(async () => {
    client = createTestClient();
    folder = await mkdtemp(join(tmpdir(), 'strata-pull-'));
    store = new FolderBlobStore(folder);
  });
  afterEach(async () => {
    await client.close();
    await rm(folder, { recursive: true, force: true });
  });

  const at = (name: string) => parseReference(`${registry.host}/${name}`);

  it('takes an image and gives it back byte for byte', async () => {
    const image = makeImage([10, 3_000_000, 70_000]);
    const pushed = await pushImage(client, image, at('team/app:1'));
    expect(pushed).toEqual({
      mediaType: image.mediaType,
      digest: image.digest,
      size: image.rawManifest.length,
    });

    const pulled = await pullImage(client, at('team/app:1'), store, { platform });
    expect(pulled.root.digest).toBe(image.digest);
    expect(Buffer.from(image.rawManifest).equals(await store.read(image.digest))).toBe(true);
    for (const { digest, size } of [...image.manifest.layers, image.manifest.config])
      expect(await store.size(digest)).toBe(size);
  });

  it('is sent only what it lacks the second time', async () => {
    const image = makeImage([1000, 2000]);
    await pushImage(client, image, at('again:1'));
    const states = new Map<string, string>();
    await pushImage(client, image, at('again:2'), {
      onBlob: ({ descriptor, state }) => states.set(descriptor.digest, state),
    });
    expect([...states.values()]).toEqual(['exists', 'exists', 'exists']);
  });

  it('is sent once what several pushes bring to a repository at the same time', async () => {
    const image = makeImage([2_000_000, 3_000_000]);
    const states: string[] = [];
    const onBlob = ({ state }: BlobProgress) =>
      void (['done', 'exists'].includes(state) && states.push(state));
    await Promise.all(['1', '2', '3'].map((tag) => pushImage(client, image, at(`once:${tag}`), { onBlob })));
    expect(states.sort()).toEqual(['done', 'done', 'done', ...Array(6).fill('exists')]);
    for (const tag of ['1', '2', '3'])
      expect((await headManifest(client, ownRepository(client, at('once')), tag))?.digest).toBe(image.digest);
  });

  it('mounts layers from another of its repositories', async () => {
    const image = makeImage([1000, 2000]);
    await pushImage(client, image, at('from/app:1'));
    const seen: BlobProgress[] = [];
    await pushImage(client, image, at('to/app:1'), {
      onBlob: (progress) => seen.push(progress),
      mountFrom: () => [parseReference('other.example.com/from/app:1'), at('from/app')],
    });
    expect(seen.filter(({ state }) => state === 'mounted').map(({ note }) => note)).toEqual(
      Array(3).fill('from/app'),
    );
    await pullImage(client, at('to/app:1'), store, { platform });
  });

  it('chooses the platform of an index and stores the index with it', async () => {
    const images = [makeImage([100], 'linux/arm64'), makeImage([100], 'linux/amd64')];
    const { bytes } = makeIndex(images);
    for (const image of images) await pushImage(client, image, at(`multi@${image.digest}`));
    const repository = ownRepository(client, at('multi'));
    const { digest } = await putManifest(client, repository, 'latest', {
      bytes,
      mediaType: MEDIA_TYPE.ociIndex,
    });

    const pulled = await pullImage(client, at('multi'), store, { platform });
    expect(pulled.reference.tag).toBe('latest');
    expect(pulled.root).toEqual({ mediaType: MEDIA_TYPE.ociIndex, digest, size: bytes.length });
    expect(pulled.manifest.digest).toBe(images[1]?.digest);
    expect(await store.has(digest)).toBe(true);

    const failure = pullImage(client, at('multi'), store, { platform: parsePlatform('linux/s390x') });
    await expect(failure).rejects.toMatchObject({
      code: 'not-found',
      hint: expect.stringContaining('linux/arm64'),
    });
  });

  it('is asked for nothing but the head of a tag when all is there', async () => {
    const image = makeImage([1000]);
    await pushImage(client, image, at('known:1'));
    await pullImage(client, at('known:1'), store, { platform });
    const states: string[] = [];
    await pullImage(client, at('known:1'), store, { platform, onBlob: ({ state }) => states.push(state) });
    expect(new Set(states)).toEqual(new Set(['waiting', 'exists']));
  });

  it('lists all tags over several pages', async () => {
    const image = makeImage([10]);
    for (const tag of ['a', 'b', 'c', 'd', 'e']) await pushImage(client, image, at(`tags:${tag}`));
    const tags: string[] = [];
    for await (const page of listTags(client, ownRepository(client, at('tags')), { pageSize: 2 }))
      tags.push(...page);
    expect(tags.sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('says what a tag names without giving it, and null for none', async () => {
    const image = makeImage([10]);
    await pushImage(client, image, at('head:1'));
    const repository = ownRepository(client, at('head'));
    expect(await headManifest(client, repository, '1')).toEqual({
      mediaType: image.mediaType,
      digest: image.digest,
      size: image.rawManifest.length,
    });
    expect(await headManifest(client, repository, '2')).toBeNull();
  });

  it.each([
    ['missing/app:1', 'not-found', /no repository|has no tag/],
    ['head:none', 'not-found', /has no tag none/],
  ])('refuses %s with words', async (name, code, message) => {
    const failure = pullImage(client, at(name), store, { platform });
    await expect(failure).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('can be pushed to again after a push was cancelled', async () => {
    const image = makeImage([5_000_000, 5_000_000]);
    const stop = new AbortController();
    const cancelled = pushImage(client, image, at('cancel:1'), {
      signal: stop.signal,
      onBlob: ({ state }) => state === 'transferring' && stop.abort(),
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect(await headManifest(client, ownRepository(client, at('cancel')), '1')).toBeNull();
    await pushImage(client, image, at('cancel:1'));
    await pullImage(client, at('cancel:1'), store, { platform });
  });
});
