import { describe, expect, it } from 'vitest';
import type { DiffId, Digest } from '#shared/oci/digest.ts';
import type { ImageRecord } from '../../store/image-records.ts';
import { bytesHeldOnlyBy, summarizeImages } from './image-views.ts';

const digestOf = (name: string) => `sha256:${Buffer.from(name).toString('hex').padStart(64, '0')}` as Digest;

/** An image whose manifest has 1 byte and whose config has 2. */
function image(name: string, layers: Readonly<Record<string, number>>): ImageRecord {
  return {
    digest: digestOf(name),
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    manifestSize: 1,
    configDigest: digestOf(`config of ${name}`),
    configSize: 2,
    platform: { os: 'linux', architecture: 'amd64' },
    createdAt: null,
    addedAt: 0,
    layers: Object.entries(layers).map(([layer, size]) => ({
      digest: digestOf(`layer ${layer}`),
      diffId: digestOf(`content ${layer}`) as string as DiffId,
      size,
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
    })),
    baseLayers: 0,
    unpackedSize: null,
  };
}

describe('what removing images frees', () => {
  const images = [
    image('a', { base: 1000, a: 10 }),
    image('b', { base: 1000, b: 20 }),
    image('c', { base: 1000, shared: 300 }),
    image('d', { shared: 300 }),
  ];
  const cases: readonly (readonly [names: string[], bytes: number])[] = [
    [[], 0],
    [['a'], 13],
    [['a', 'b'], 36],
    [['a', 'b', 'c'], 1039],
    [['c', 'd'], 306],
    [['a', 'b', 'c', 'd'], 1342],
    [['gone'], 0],
  ];
  it.each(cases)('removing %j frees %d bytes', (names, bytes) => {
    expect(bytesHeldOnlyBy(new Set(names.map(digestOf)), images)).toBe(bytes);
  });

  it('is for one image what its row says', () => {
    for (const { id, uniqueSize } of summarizeImages({ images, names: [], documents: [] }))
      expect(bytesHeldOnlyBy(new Set([id]), images)).toBe(uniqueSize);
  });
});
