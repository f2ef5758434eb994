import { describe, expect, it } from 'vitest';
import type { BlobStore } from '#electron/image/blob-store.ts';
import { digestOf } from '#electron/image/content-digest.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { encodeManifest } from '#shared/oci/manifest-codec.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { parsePlatform } from '#shared/oci/platform.ts';
import { parseReference } from '#shared/oci/reference.ts';
import { pullImage } from './pull.ts';
import { openRemoteImage } from './registry-source.ts';
import { HAS_OPENSSL } from './testing/certificate.ts';
import type { FakeAnswer } from './testing/fake-internet.ts';
import { refuse } from './testing/fake-registry.ts';
import { makeImage, makeIndex } from './testing/make-image.ts';
import { createTestClient } from './testing/test-client.ts';
import { World } from './testing/world.ts';

const HOST = 'registry.example.com';
const platform = parsePlatform('linux/amd64');

describe.skipIf(!HAS_OPENSSL)('pullImage (needs openssl)', () => {
  const world = new World([HOST, 'mirror.example.com', 'registry-1.docker.io']);
  const image = makeImage([3000, 2000]);

  it.each<[string, Buffer, string, string]>([
    [
      'half of a document',
      Buffer.from(image.rawManifest.subarray(0, 50)),
      MEDIA_TYPE.ociManifest,
      'malformed',
    ],
    [
      'a document of another kind than it is called',
      Buffer.from(image.rawManifest),
      MEDIA_TYPE.ociIndex,
      'malformed',
    ],
    [
      'one that is image and index at once',
      Buffer.from(
        JSON.stringify({ ...JSON.parse(Buffer.from(image.rawManifest).toString()), manifests: [] }),
      ),
      MEDIA_TYPE.ociManifest,
      'malformed',
    ],
    ['more than a manifest may be', Buffer.alloc(5 * 1024 * 1024, 0x20), MEDIA_TYPE.ociManifest, 'malformed'],
    [
      'a signature',
      Buffer.from(
        JSON.stringify({
          schemaVersion: 2,
          mediaType: MEDIA_TYPE.ociManifest,
          artifactType: 'application/vnd.dev.cosign',
          config: { mediaType: MEDIA_TYPE.ociEmpty, digest: digestOf(Buffer.from('{}')), size: 2 },
          layers: [],
        }),
      ),
      MEDIA_TYPE.ociManifest,
      'unsupported',
    ],
  ])('refuses a manifest that is %s, and stores nothing', async (_, bytes, mediaType, code) => {
    world.withOpen(HOST).manifests.set('app:1', { bytes, mediaType });
    await expect(world.pull(`${HOST}/app:1`)).rejects.toMatchObject({ code });
    expect(await world.store.has(digestOf(bytes))).toBe(false);
  });

  it('refuses other bytes than the digest names', async () => {
    const registry = world.withOpen(HOST);
    const other = makeImage([10]);
    registry.manifests.set(`app:${image.digest}`, {
      bytes: Buffer.from(other.rawManifest),
      mediaType: other.mediaType,
    });
    await expect(world.pull(`${HOST}/app@${image.digest}`)).rejects.toMatchObject({
      code: 'digest-mismatch',
      detail: { kind: 'digest', expected: image.digest, actual: other.digest },
    });
  });

  it('refuses other bytes of a layer and names nothing', async () => {
    const registry = world.withOpen(HOST);
    await registry.seed('app', '1', image);
    const layer = image.layers[0]?.digest ?? '';
    registry.blobs.set(layer, Buffer.alloc(image.layers[0]?.size ?? 0, 7));
    await expect(world.pull(`${HOST}/app:1`)).rejects.toMatchObject({ code: 'digest-mismatch' });
    expect(await world.store.has(image.digest)).toBe(false);
    expect(await world.store.partial(layer.replace(':', '-'))).toBeNull();
  });

  it('refuses an index that lists an entry as another type than it is', async () => {
    const registry = world.withOpen(HOST);
    await registry.seed('app', 'one', image);
    const entry = {
      mediaType: MEDIA_TYPE.dockerManifest,
      digest: image.digest,
      size: image.rawManifest.length,
      platform,
    };
    const bytes = Buffer.from(encodeManifest({ mediaType: MEDIA_TYPE.ociIndex, manifests: [entry] }));
    registry.manifests.set('app:1', { bytes, mediaType: MEDIA_TYPE.ociIndex });
    await expect(world.pull(`${HOST}/app:1`)).rejects.toMatchObject({ code: 'malformed' });
  });

  it('refuses indexes within indexes without end', async () => {
    const registry = world.withOpen(HOST);
    await registry.seed('app', 'one', image);
    let inner = {
      mediaType: image.mediaType,
      digest: image.digest,
      size: image.rawManifest.length,
      platform,
    };
    for (let depth = 0; depth < 5; depth++) {
      const bytes = Buffer.from(encodeManifest({ mediaType: MEDIA_TYPE.ociIndex, manifests: [inner] }));
      inner = { mediaType: MEDIA_TYPE.ociIndex, digest: digestOf(bytes), size: bytes.length, platform };
      for (const name of [`depth-${depth}`, inner.digest])
        registry.manifests.set(`app:${name}`, { bytes, mediaType: MEDIA_TYPE.ociIndex });
    }
    expect((await world.pull(`${HOST}/app:depth-1`)).manifest.digest).toBe(image.digest);
    await expect(world.pull(`${HOST}/app:depth-4`)).rejects.toMatchObject({ code: 'malformed' });
  });

  it('passes over attestations and keeps the index as it is', async () => {
    const registry = world.withOpen(HOST, { noDigestHeader: true });
    await registry.seed('app', 'amd64', image);
    const { bytes } = makeIndex([image], true);
    registry.manifests.set('app:1', { bytes: Buffer.from(bytes), mediaType: MEDIA_TYPE.ociIndex });
    const pulled = await world.pull(`${HOST}/app:1`);
    expect([pulled.root.digest, pulled.manifest.digest]).toEqual([digestOf(bytes), image.digest]);
    expect((await world.store.read(pulled.root.digest)).equals(bytes)).toBe(true);
    const asked = world.sentTo(HOST).map(({ method, path }) => `${method} ${path}`);
    // What had to be fetched to know its digest is not fetched again: it may count as a pull.
    expect(asked.filter((one) => one === 'GET /v2/app/manifests/1')).toHaveLength(1);
  });

  it('keeps what came of a layer when the registry refuses the rest, and goes on from there', async () => {
    const [layer] = image.layers;
    let answer: FakeAnswer | undefined;
    const registry = world.withOpen(HOST, {
      before: ({ path, headers }) => {
        if (path !== `/v2/app/blobs/${layer?.digest}`) return undefined;
        const isFirst = headers.range === undefined;
        return isFirst && answer
          ? { status: 200, body: registry.blobs.get(layer?.digest ?? ''), breakAfter: 1000 }
          : answer;
      },
    });
    await registry.seed('app', '1', image);
    for (const status of [403, 401, 429]) {
      answer = { status, headers: { 'retry-after': '3600' } };
      await expect(world.pull(`${HOST}/app:1`)).rejects.toBeInstanceOf(AppError);
    }
    answer = undefined;
    world.internet.requests.length = 0;
    await world.pull(`${HOST}/app:1`);
    const asked = world.sentTo(HOST).filter(({ path }) => path.endsWith(layer?.digest ?? ''));
    expect(asked.map(({ headers }) => headers.range)).toEqual(['bytes=1000-']);
  });

  it('waits for a network that is gone in the middle of a layer, so that not even names are found', async () => {
    const [layer] = image.layers;
    let isGone = true;
    const registry = world.withOpen(HOST, {
      before: ({ path, headers }) => {
        if (path !== `/v2/app/blobs/${layer?.digest}` || !isGone) return undefined;
        if (headers.range === undefined)
          return { status: 200, body: registry.blobs.get(layer?.digest ?? ''), breakAfter: 1000 };
        isGone = false;
        return { status: 307, headers: { location: 'https://no-such-host.invalid/blob' } };
      },
    });
    await registry.seed('app', '1', image);
    world.signIn(undefined, {
      environment: { HTTPS_PROXY: world.internet.proxy, NO_PROXY: 'no-such-host.invalid' },
    });
    expect((await world.pull(`${HOST}/app:1`)).manifest.digest).toBe(image.digest);
  });

  it('says of a layer that is kept elsewhere that it does not go there', async () => {
    const registry = world.withOpen(HOST);
    await registry.seed('app', '1', image);
    const document = JSON.parse(Buffer.from(image.rawManifest).toString('utf8')) as { layers: object[] };
    const foreign = {
      mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
      digest: digestOf(Buffer.from('windows')),
      size: 7,
      urls: ['https://files.example.com/windows'],
    };
    const bytes = Buffer.from(JSON.stringify({ ...document, layers: [...document.layers, foreign] }));
    registry.manifests.set('app:foreign', { bytes, mediaType: MEDIA_TYPE.ociManifest });
    await expect(world.pull(`${HOST}/app:foreign`)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('names another address for it'),
    });
  });

  it('says of a layer that the registry has lost that the image is incomplete there', async () => {
    const registry = world.withOpen(HOST);
    await registry.seed('app', '1', image);
    registry.blobs.delete(image.layers[0]?.digest ?? '');
    await expect(world.pull(`${HOST}/app:1`)).rejects.toMatchObject({
      code: 'not-found',
      hint: expect.stringContaining('incomplete at the registry'),
    });
  });

  describe('with a mirror', () => {
    const settings = { insecureHosts: [], mirrors: { 'docker.io': 'mirror.example.com/hub' } };
    const signIn = () => world.signIn(undefined, { settings });

    it('reads from the mirror alone when that has it', async () => {
      await world.withOpen('mirror.example.com').seed('hub/library/nginx', '1', image);
      signIn();
      expect((await world.pull('nginx:1')).from).toBe('mirror.example.com');
      expect(world.sentTo('registry-1.docker.io')).toEqual([]);
    });

    it('reads from the registry what the mirror does not have, a single layer too', async () => {
      const mirror = world.withOpen('mirror.example.com');
      await mirror.seed('hub/library/nginx', '1', image);
      mirror.blobs.delete(image.layers[0]?.digest ?? '');
      const hub = world.withOpen('registry-1.docker.io');
      await hub.seed('library/nginx', '1', image);
      await hub.seed('library/nginx', '2', image);
      signIn();
      expect((await world.pull('nginx:1')).from).toBe('mirror.example.com');
      expect((await world.pull('nginx:2')).from).toBe('registry-1.docker.io');
    });

    it('tells what both said when neither has it', async () => {
      world.withOpen('mirror.example.com');
      world.internet.host('registry-1.docker.io', () => refuse(401, 'UNAUTHORIZED'));
      signIn();
      await expect(world.pull('nginx:1')).rejects.toMatchObject({
        code: 'unauthorized',
        hint: expect.stringMatching(
          /The mirror mirror\.example\.com could not give it either: .*has no tag 1/,
        ),
      });
    });

    it('never pushes to the mirror', async () => {
      world.withOpen('registry-1.docker.io');
      signIn();
      await world.push('ann/app:1');
      expect(world.sentTo('mirror.example.com')).toEqual([]);
    });
  });

  it('stops at a full disk and keeps no half of a layer', async () => {
    const single = makeImage([3000]);
    const { digest } = single.layers[0] ?? single;
    await world.withOpen(HOST).seed('app', '1', single);
    const full: BlobStore = {
      has: (each) => world.store.has(each),
      size: (each) => world.store.size(each),
      touch: (each, size) => world.store.touch(each, size),
      open: (each) => world.store.open(each),
      isIncoming: () => world.store.isIncoming(),
      ingest: async (options) => {
        const writer = await world.store.ingest(options);
        if (options.expected?.digest !== digest) return writer;
        const write = async (): Promise<void> => {
          throw new AppError('disk-full', 'There is no space left.');
        };
        return { ...writer, write };
      },
    };
    const failure = pullImage(world.client, parseReference(`${HOST}/app:1`), full, { platform });
    await expect(failure).rejects.toMatchObject({ code: 'disk-full' });
    expect(await world.store.partial(digest.replace(':', '-'))).toBeNull();
    expect(await world.store.has(single.digest)).toBe(false);
  });

  it('opens an image where it is, with its layers on demand', async () => {
    const registry = world.withOpen(HOST);
    await registry.seed('app', '1', image);
    const remote = await openRemoteImage(world.client, parseReference(`${HOST}/app:1`), { platform });
    expect(remote.digest).toBe(image.digest);
    expect(remote.config.diffIds).toEqual(image.config.diffIds);
    expect(world.internet.log().filter((line) => line.includes('/blobs/'))).toHaveLength(1);

    const read = async (stream: AsyncIterable<Buffer>): Promise<string> => {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      return digestOf(Buffer.concat(chunks));
    };
    const [layer] = remote.layers;
    expect(layer && (await read(await layer.compressed()))).toBe(image.layers[0]?.digest);
    expect(layer && (await read(await layer.uncompressed()))).toBe(image.layers[0]?.diffId);
  });

  it('finds a layer whose content is not what the config says', async () => {
    const registry = world.withOpen(HOST);
    const lying = {
      ...image,
      rawConfig: Buffer.from(
        Buffer.from(image.rawConfig)
          .toString()
          .replace(image.layers[0]?.diffId ?? '', `sha256:${'0'.repeat(64)}`),
      ),
    };
    const config = {
      ...image.manifest.config,
      digest: digestOf(lying.rawConfig),
      size: lying.rawConfig.length,
    };
    const manifest = { ...image.manifest, config };
    const rawManifest = encodeManifest(manifest);
    await registry.seed('app', '1', { ...lying, manifest, rawManifest, digest: digestOf(rawManifest) });
    const remote = await openRemoteImage(world.client, parseReference(`${HOST}/app:1`), { platform });
    const stream = await remote.layers[0]?.uncompressed();
    await expect(
      (async () =>
        stream
          ?.resume()
          .on('data', () => undefined)
          .toArray())(),
    ).rejects.toMatchObject({ code: 'digest-mismatch' });
  });

  it('goes through the proxy that the environment names, and round it for what that excludes', async () => {
    await world.withOpen(HOST).seed('app', '1', image);
    const client = createTestClient({
      environment: { HTTPS_PROXY: world.internet.proxy, NO_PROXY: HOST },
      retry: { retries: 0, firstDelayMs: 1, maxDelayMs: 1 },
    });
    await expect(
      pullImage(client, parseReference(`${HOST}/app:1`), world.store, { platform }),
    ).rejects.toMatchObject({ code: 'registry-unreachable' });
    expect(world.internet.requests).toEqual([]);
    await client.close();
  });
});
