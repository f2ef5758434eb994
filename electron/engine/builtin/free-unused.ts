import { type Digest, splitDigest } from '#shared/oci/digest.ts';
import type { BuildServices } from '../../build/build-services.ts';
import { collectionCutoff, findGarbage, removeGarbage } from '../../store/collect.ts';
import type { ImageRecord } from '../../store/image-records.ts';
import { blobsOf } from '../../store/remove-image.ts';
import { dropSteps, stepRecords } from './step-records.ts';

/**
 * After an image was removed: forgets the cached steps whose layers only it held, and frees its blobs that nothing
 * else needs. Returns the bytes freed.
 */
export async function freeUnused(services: BuildServices, removed: ImageRecord): Promise<number> {
  const { store } = services;
  const cutoff = await collectionCutoff(store.paths);
  const [images, documents] = await Promise.all([store.images.list(), store.documents.list()]);
  const kept = new Set(
    [...images.flatMap(blobsOf), ...documents.flatMap(({ blobs }) => blobs)].map(digestOf),
  );
  const gone = new Set(
    blobsOf(removed)
      .map(digestOf)
      .filter((digest) => !kept.has(digest)),
  );
  const steps = (await stepRecords(services)).filter(({ layer }) => layer !== null && gone.has(layer.digest));
  await dropSteps(services, steps, 'the removal of its image');
  const hexes = new Set([...gone].map((digest) => splitDigest(digest).hex));
  let freed = 0;
  for (const garbage of await findGarbage(store.paths.blobs(), (name) => !hexes.has(name), cutoff)) {
    if (await removeGarbage(store.paths, garbage, cutoff)) freed += garbage.bytes;
  }
  return freed;
}

function digestOf({ digest }: { readonly digest: Digest }): Digest {
  return digest;
}
