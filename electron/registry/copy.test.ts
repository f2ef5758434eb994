import { describe, expect, it } from 'vitest';
import { digestOf } from '#electron/image/content-digest.ts';
import { type Digest, parseDigest } from '#shared/oci/digest.ts';
import { encodeManifest, parseImageIndex, parseImageManifest } from '#shared/oci/manifest-codec.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { parsePlatform } from '#shared/oci/platform.ts';
import { parseReference } from '#shared/oci/reference.ts';
import { copyBetweenRegistries } from './copy.ts';
import { pullImage } from './pull.ts';
import { pushIndex } from './push.ts';
import { fallbackTag, listReferrers, putReferrer } from './referrers.ts';
import { ownRepository } from './repository.ts';
import { HAS_OPENSSL } from './testing/certificate.ts';
import type { FakeAnswer } from './testing/fake-internet.ts';
import { type FakeRegistry, refuse } from './testing/fake-registry.ts';
import { makeImage, makeIndex } from './testing/make-image.ts';
import { World } from './testing/world.ts';

const FROM = 'from.example.com';
const TO = 'to.example.com';

/** A signature-like manifest with a subject. */
function makeReferrer(subject: Digest, size: number) {
  const blob = Buffer.from('{}');
  const config = { mediaType: MEDIA_TYPE.ociEmpty, digest: digestOf(blob), size: blob.length };
  const bytes = encodeManifest({
    mediaType: MEDIA_TYPE.ociManifest,
    artifactType: 'application/vnd.example.sbom',
    config,
    layers: [config],
    subject: { mediaType: MEDIA_TYPE.ociManifest, digest: subject, size },
    annotations: { made: 'today' },
  });
  const document = parseImageManifest(bytes);
  if (document.subject === undefined) throw new Error('no subject');
  return { blob, bytes, digest: digestOf(bytes), document: { ...document, subject: document.subject } };
}

describe.skipIf(!HAS_OPENSSL)('between registries (needs openssl)', () => {
  const world = new World([FROM, TO, 'github.com']);
  const image = makeImage([3000, 2000], 'linux/amd64');
  const other = makeImage([1000], 'linux/arm64');

  async function seedIndex(registry: FakeRegistry): Promise<Digest> {
    for (const each of [image, other]) await registry.seed('app', each.digest, each);
    const { bytes } = makeIndex([image, other]);
    registry.manifests.set('app:1', { bytes: Buffer.from(bytes), mediaType: MEDIA_TYPE.ociIndex });
    return digestOf(bytes);
  }

  describe('copyBetweenRegistries', () => {
    it('streams all platforms to another registry, children before the index', async () => {
      const digest = await seedIndex(world.withOpen(FROM));
      const to = world.withOpen(TO);
      const result = await copyBetweenRegistries(
        world.client,
        parseReference(`${FROM}/app:1`),
        parseReference(`${TO}/team/app:2`),
      );
      expect(result.digest).toBe(digest);
      expect(to.blobs.size).toBe(5);
      const puts = world
        .sentTo(TO)
        .filter(({ method, path }) => method === 'PUT' && path.includes('/manifests/'));
      expect(puts.map(({ path }) => path.split('/').at(-1))).toEqual([image.digest, other.digest, '2']);
      expect(to.manifests.get('team/app:2')?.bytes.equals(Buffer.from(makeIndex([image, other]).bytes))).toBe(
        true,
      );
    });

    it('mounts within one registry and reads no blob', async () => {
      const registry = world.withOpen(FROM, {
        before: ({ method, path }) =>
          method === 'HEAD' && path.includes('/v2/copy/blobs/') ? { status: 404 } : undefined,
      });
      await registry.seed('app', '1', image);
      await copyBetweenRegistries(
        world.client,
        parseReference(`${FROM}/app:1`),
        parseReference(`${FROM}/copy:1`),
      );
      expect(world.internet.log().filter((line) => /GET .*\/blobs\/sha/.test(line))).toEqual([]);
      expect(registry.manifests.has('copy:1')).toBe(true);
    });

    it('takes what was attached along', async () => {
      const from = world.withOpen(FROM);
      await from.seed('app', '1', image);
      const referrer = makeReferrer(image.digest, image.rawManifest.length);
      from.blobs.set(digestOf(referrer.blob), referrer.blob);
      await putReferrer(world.client, ownRepository(world.client, parseReference(`${FROM}/app`)), referrer);
      world.withOpen(TO);
      await copyBetweenRegistries(
        world.client,
        parseReference(`${FROM}/app:1`),
        parseReference(`${TO}/app:1`),
        { withReferrers: true },
      );
      const found = await listReferrers(
        world.client,
        ownRepository(world.client, parseReference(`${TO}/app`)),
        image.digest,
      );
      expect(found.map(({ descriptor, via }) => [descriptor.digest, via])).toEqual([
        [referrer.digest, 'tag'],
      ]);
    });
  });

  it('pushIndex sends the images, then the index, which can be pulled for each platform', async () => {
    world.withOpen(TO);
    const { bytes } = makeIndex([image, other]);
    const index = { bytes, mediaType: MEDIA_TYPE.ociIndex };
    const target = parseReference(`${TO}/multi:1`);
    await expect(pushIndex(world.client, index, [image], target)).rejects.toMatchObject({
      code: 'invalid-input',
    });
    expect((await pushIndex(world.client, index, [image, other], target)).digest).toBe(digestOf(bytes));
    const pulled = await pullImage(world.client, target, world.store, {
      platform: parsePlatform('linux/arm64'),
    });
    expect(pulled.manifest.digest).toBe(other.digest);
  });

  describe('referrers', () => {
    const repository = () => ownRepository(world.client, parseReference(`${FROM}/app`));
    const referrer = makeReferrer(image.digest, image.rawManifest.length);
    const index = Buffer.from(
      encodeManifest({
        mediaType: MEDIA_TYPE.ociIndex,
        manifests: [
          {
            mediaType: MEDIA_TYPE.ociManifest,
            digest: referrer.digest,
            size: referrer.bytes.length,
            artifactType: 'application/vnd.example.sbom',
          },
        ],
      }),
    );

    it('are listed by the API over its pages', async () => {
      world.withOpen(FROM, {
        before: ({ path, query }) => {
          if (!path.includes('/referrers/')) return undefined;
          const headers = {
            'content-type': MEDIA_TYPE.ociIndex,
            ...(query.has('page') ? {} : { link: `<${path}?page=2>; rel="next"` }),
          };
          return { status: 200, headers, body: index };
        },
      });
      const found = await listReferrers(world.client, repository(), image.digest);
      expect(found.map(({ via }) => via)).toEqual(['api', 'api']);
    });

    it.each<[string, FakeAnswer]>([
      ['404', { status: 404 }],
      [
        'a redirect to another host (GHCR)',
        { status: 303, headers: { location: 'https://github.com/-/v2/x' } },
      ],
      ['a web page', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }],
      ['429', refuse(429, 'TOOMANYREQUESTS')],
      ['400', refuse(400, 'UNSUPPORTED')],
    ])('are listed by tag where the API answers with %s', async (_, answer) => {
      const registry = world.withOpen(FROM, {
        before: ({ path }) => (path.includes('/referrers/') ? answer : undefined),
      });
      registry.manifests.set(`app:${fallbackTag(image.digest)}`, {
        bytes: index,
        mediaType: MEDIA_TYPE.ociIndex,
      });
      registry.manifests.set(`app:${fallbackTag(image.digest)}.sig`, {
        bytes: Buffer.from(other.rawManifest),
        mediaType: other.mediaType,
      });
      const found = await listReferrers(world.client, repository(), image.digest);
      expect(found.map(({ descriptor, via }) => [descriptor.digest, via])).toEqual([
        [referrer.digest, 'tag'],
        [other.digest, 'cosign-tag'],
      ]);
      expect(world.sentTo('github.com')).toEqual([]);
    });

    it('are none where nothing was attached', async () => {
      world.withOpen(FROM);
      expect(await listReferrers(world.client, repository(), image.digest)).toEqual([]);
    });

    it('are added to the fallback tag, each once, unless the registry lists them by itself', async () => {
      const registry = world.withOpen(FROM);
      const second = makeReferrer(image.digest, 1);
      for (const each of [referrer, second, referrer]) await putReferrer(world.client, repository(), each);
      const kept = registry.manifests.get(`app:${fallbackTag(image.digest)}`);
      const listed = parseImageIndex(kept?.bytes ?? Buffer.alloc(0)).manifests;
      expect(
        listed.map(({ digest, artifactType, annotations }) => [digest, artifactType, annotations]),
      ).toEqual([
        [second.digest, 'application/vnd.example.sbom', { made: 'today' }],
        [referrer.digest, 'application/vnd.example.sbom', { made: 'today' }],
      ]);

      const knowing = world.withOpen(TO, {
        before: ({ method, path }) =>
          method === 'PUT' && path.includes('/manifests/')
            ? { status: 201, headers: { 'oci-subject': image.digest } }
            : undefined,
      });
      await putReferrer(world.client, ownRepository(world.client, parseReference(`${TO}/app`)), referrer);
      expect(knowing.manifests.size).toBe(0);
      expect(world.sentTo(TO).filter(({ method }) => method === 'PUT')).toHaveLength(1);
    });

    it('have a fallback tag by the rules of the specification', () => {
      expect(fallbackTag(parseDigest(`sha256:${'a'.repeat(64)}`))).toBe(`sha256-${'a'.repeat(64)}`);
      expect(fallbackTag(parseDigest(`sha512:${'b'.repeat(128)}`))).toBe(`sha512-${'b'.repeat(64)}`);
    });
  });
});
