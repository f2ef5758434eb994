import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeManifest } from '#shared/oci/manifest-codec.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { digestOf } from '../../image/content-digest.ts';
import type { RegistryClient } from '../../registry/client.ts';
import { createTestClient } from '../../registry/testing/test-client.ts';
import { openShare, type TestShare } from '../../share/testing/open-share.ts';
import { addImage } from '../../store/testing/add-image.ts';
import { readablePart } from './readable-part.ts';
import { referrerKind } from './referrer-kind.ts';
import { createReferrerReader } from './referrer-reader.ts';

describe('with a registry that has the referrers API', () => {
  let client: RegistryClient;
  let registry: TestShare;
  beforeEach(async () => {
    registry = await openShare();
    client = createTestClient();
  });
  afterEach(async () => {
    await client.close();
    await registry.remove();
  });

  const put = async (path: string, body: Uint8Array, type: string): Promise<void> => {
    const headers = { 'content-type': type };
    const answer = await fetch(`${registry.url}/v2/${path}`, {
      method: 'PUT',
      body: Buffer.from(body),
      headers,
    });
    expect(answer.status, await answer.text()).toBe(201);
  };

  it('lists what is attached to an image and to the list that holds it, opens and streams it', async () => {
    const image = await addImage(registry.store, { a: 'a' }, { names: ['app:1'] });
    const subject = { mediaType: image.mediaType, digest: image.digest, size: image.manifestSize };
    const statement = Buffer.from(JSON.stringify({ predicateType: 'https://slsa.dev/provenance/v1' }));
    const envelope = { payloadType: 'application/vnd.in-toto+json', payload: statement.toString('base64') };
    const part = await registry.store.content.put(Buffer.from(JSON.stringify(envelope)));
    const empty = await registry.store.content.put(Buffer.from('{}'));
    const attestation = encodeManifest({
      mediaType: MEDIA_TYPE.ociManifest,
      artifactType: 'application/vnd.in-toto+json',
      config: { mediaType: MEDIA_TYPE.ociEmpty, ...empty },
      layers: [{ mediaType: 'application/vnd.dsse.envelope.v1+json', ...part }],
      subject,
      annotations: { 'org.opencontainers.image.created': '2024-05-06T07:08:09Z' },
    });
    await put(`app/manifests/${digestOf(attestation)}`, attestation, MEDIA_TYPE.ociManifest);
    const reader = createReferrerReader(async () => client);
    const at = `${registry.share.address}/app`;
    const { isThere, referrers } = await reader.list(`${at}:1`, { digest: image.digest });
    expect(isThere).toBe(true);
    expect(referrers).toEqual([
      {
        reference: `${at}@${digestOf(attestation)}`,
        digest: digestOf(attestation),
        mediaType: MEDIA_TYPE.ociManifest,
        size: attestation.length,
        artifactType: 'application/vnd.in-toto+json',
        kind: 'attestation',
        subject: image.digest,
        via: 'api',
        createdAt: Date.parse('2024-05-06T07:08:09Z'),
      },
    ]);
    const opened = await reader.open(`${at}@${digestOf(attestation)}`);
    expect(opened.parts[0]?.text).toContain('"predicateType": "https://slsa.dev/provenance/v1"');
    const blob = await reader.blob(`${at}@${part.digest}`, part.size);
    expect(await text(blob)).toBe(JSON.stringify(envelope));
  });

  it('says where the repository does not hold the image', async () => {
    const image = await addImage(registry.store, { a: 'a' }, { names: ['app:1'] });
    const reader = createReferrerReader(async () => client);
    const other = `sha256:${'0'.repeat(64)}`;
    const at = `${registry.share.address}/app:1`;
    expect(await reader.list(at, { digest: other })).toEqual({ isThere: false, referrers: [] });
    expect(await reader.list(at, { digest: image.digest })).toEqual({ isThere: true, referrers: [] });
    await expect(reader.open(at)).rejects.toMatchObject({ code: 'invalid-input' });
  });
});

it.each([
  ['application/spdx+json', {}, 'sbom'],
  ['application/vnd.cyclonedx+json', {}, 'sbom'],
  ['application/vnd.dev.cosign.artifact.sbom.v1+json', {}, 'sbom'],
  ['application/vnd.dev.cosign.artifact.sig.v1+json', {}, 'signature'],
  ['application/vnd.dev.cosign.artifact.att.v1+json', {}, 'attestation'],
  ['application/vnd.cncf.notary.signature', {}, 'signature'],
  ['application/vnd.in-toto+json', {}, 'attestation'],
  ['application/vnd.dev.sigstore.bundle.v0.3+json', {}, 'signature'],
  [
    'application/vnd.dev.sigstore.bundle.v0.3+json',
    { 'dev.sigstore.bundle.predicateType': 'https://slsa.dev/provenance/v1' },
    'attestation',
  ],
  [
    'application/vnd.dev.sigstore.bundle.v0.3+json',
    { 'dev.sigstore.bundle.predicateType': 'https://spdx.dev/Document' },
    'sbom',
  ],
  ['application/vnd.example', {}, 'other'],
  [undefined, {}, 'other'],
] as const)('%s with %j is called %s', (type, annotations, kind) => {
  expect(referrerKind(type, annotations)).toBe(kind);
});

it.each([
  ['{"a":1}', '{\n  "a": 1\n}'],
  ['plain words', 'plain words'],
  ['\0binary', null],
  ['{"payload":"eA==","payloadType":"text/x"}', '{\n  "payload": "eA==",\n  "payloadType": "text/x"\n}'],
])('%j reads as %j', (given, shown) => {
  expect(readablePart(Buffer.from(given))).toBe(shown);
});
