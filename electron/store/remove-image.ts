import type { Digest } from '#shared/oci/digest.ts';
import type { ImageRecord } from './image-records.ts';

/** Bytes of blobs that only the given images hold: what removing them frees. */
export function uniqueBytes(all: readonly ImageRecord[], removed: ReadonlySet<Digest>): number {
  const kept = new Set<Digest>();
  for (const image of all)
    if (!removed.has(image.digest)) for (const { digest } of blobsOf(image)) kept.add(digest);
  const counted = new Map<Digest, number>();
  for (const image of all) {
    if (!removed.has(image.digest)) continue;
    for (const { digest, size } of blobsOf(image)) if (!kept.has(digest)) counted.set(digest, size);
  }
  return [...counted.values()].reduce((sum, size) => sum + size, 0);
}

/** The blobs an image is made of: manifest, config and layers. */
export function blobsOf(image: ImageRecord): { readonly digest: Digest; readonly size: number }[] {
  return [
    { digest: image.digest, size: image.manifestSize },
    { digest: image.configDigest, size: image.configSize },
    ...image.layers,
  ];
}
