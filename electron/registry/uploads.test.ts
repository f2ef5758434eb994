import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '#electron/image/content-digest.ts';
import { parseReference } from '#shared/oci/reference.ts';
import { hasBlob, readBlob } from './blobs.ts';
import { ChunkReader } from './chunk-reader.ts';
import type { RegistryClient } from './client.ts';
import { type UploadStyle, uploadQuirks } from './quirks.ts';
import { ownRepository, pushAccess } from './repository.ts';
import { HAS_REGISTRY, type RealRegistry, startRealRegistry } from './testing/real-registry.ts';
import { createTestClient } from './testing/test-client.ts';
import { contentOfBytes } from './upload-content.ts';
import { uploadBlob } from './uploads.ts';

describe.skipIf(!HAS_REGISTRY)('uploadBlob (package docker-registry)', () => {
  let registry: RealRegistry;
  let client: RegistryClient;
  beforeAll(async () => {
    registry = await startRealRegistry();
  });
  afterAll(() => registry.close());
  beforeEach(() => {
    client = createTestClient();
  });
  afterEach(() => client.close());

  it.each<[UploadStyle, number]>([
    ['monolithic', 0],
    ['monolithic', 20_000_000],
    ['streamed', 0],
    ['streamed', 20_000_000],
    ['chunked', 0],
    ['chunked', 1],
    ['chunked', 4 * 1024 * 1024],
    ['chunked', 20_000_000],
  ])('sends a blob %s: %i bytes', async (style, size) => {
    const bytes = randomBytes(size);
    const digest = digestOf(bytes);
    const repository = ownRepository(client, parseReference(`${registry.host}/${style}`));
    client.uploadStyles.set(registry.host, style);
    const told: number[] = [];
    await uploadBlob(client, repository, contentOfBytes(digest, bytes), {
      onProgress: (done) => told.push(done),
    });
    expect(client.uploadStyles.get(registry.host)).toBe(style);
    expect(await hasBlob(client, repository, digest, pushAccess(repository))).toBe(true);
    expect(told.at(-1) ?? 0).toBe(size);
    const chunks: Buffer[] = [];
    for await (const chunk of readBlob(client, repository, { mediaType: 'x/y', digest, size }))
      chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
  });

  it('does not leave other bytes than the digest names', async () => {
    const repository = ownRepository(client, parseReference(`${registry.host}/spoilt`));
    const digest = digestOf(Buffer.from('right'));
    await expect(
      uploadBlob(client, repository, contentOfBytes(digest, Buffer.from('wrong'))),
    ).rejects.toMatchObject({
      detail: { registryCode: 'DIGEST_INVALID' },
    });
    expect(await hasBlob(client, repository, digest, pushAccess(repository))).toBe(false);
  });
});

describe('ChunkReader', () => {
  it('gives pieces in any order', async () => {
    const bytes = randomBytes(1000);
    const reader = new ChunkReader(contentOfBytes(digestOf(bytes), bytes), undefined);
    for (const [at, length] of [
      [0, 10],
      [10, 300],
      [310, 5],
      [0, 700],
      [700, 300],
      [990, 50],
      [1000, 5],
    ] as const)
      expect((await reader.read(at, length)).equals(bytes.subarray(at, at + length))).toBe(true);
    reader.close();
  });
});

describe('uploadQuirks', () => {
  it.each([
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com', ['monolithic']],
    ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', ['monolithic']],
    ['public.ecr.aws', ['monolithic']],
    ['gcr.io', ['monolithic', 'streamed']],
    ['eu.gcr.io', ['monolithic', 'streamed']],
    ['europe-docker.pkg.dev', ['monolithic', 'streamed']],
    ['registry.example.com:5000', ['monolithic', 'streamed', 'chunked']],
    ['evilgcr.io', ['monolithic', 'streamed', 'chunked']],
    ['1.dkr.ecr.x.amazonaws.com.evil.org', ['monolithic', 'streamed', 'chunked']],
  ])('lets %s be sent to %j', (host, styles) => {
    expect(uploadQuirks(host).styles).toEqual(styles);
  });
});
