import type { Digest } from '#shared/oci/digest.ts';
import type { ImageRecord } from './image-records.ts';
import { referenceOf } from './names.ts';
import type { Store } from './store.ts';

/** Removes an image's names and its record; what only it needed is garbage from then on. */
export async function forgetImage(store: Store, image: ImageRecord): Promise<void> {
  for (const name of await store.names.list()) {
    if (name.digest === image.digest) await store.names.remove(referenceOf(name));
  }
  await store.images.remove(image.digest);
  await store.refreshLayout();
}

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
