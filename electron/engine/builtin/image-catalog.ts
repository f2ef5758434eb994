import { AppError } from '#shared/errors/app-error.ts';
import { parseConfig } from '#shared/oci/config-codec.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { familiarReference } from '#shared/oci/reference.ts';
import { findImage } from '../../store/find-image.ts';
import type { ImageRecord } from '../../store/image-records.ts';
import { type NameRecord, referenceOf } from '../../store/names.ts';
import type { Store } from '../../store/store.ts';
import type { ImageCatalog } from '../engine.ts';
import { bytesHeldOnlyBy, detailOf, summarizeImages } from './image-views.ts';

/** The images of the store as the port shows them. `afterRemove` frees what nothing needs any more. */
export function createImageCatalog(
  store: Store,
  afterRemove: (image: ImageRecord) => Promise<void>,
): ImageCatalog {
  const contents = async () => {
    const [images, names] = await Promise.all([store.images.list(), store.names.list()]);
    return { images, names };
  };
  return {
    list: async () => summarizeImages(await contents()),
    get: async (ref) => {
      const image = await findImage(store, ref);
      const all = await contents();
      const rawConfig = await store.content.read(image.configDigest);
      const [summary] = summarizeImages(all).filter(({ id }) => id === image.digest);
      if (summary === undefined) throw new AppError('not-found', `The image ${ref} was removed meanwhile.`);
      return detailOf({
        summary,
        image,
        config: parseConfig(rawConfig),
        rawManifest: (await store.content.read(image.digest)).toString('utf8'),
        rawConfig: rawConfig.toString('utf8'),
        layerSummaries: await Promise.all(image.layers.map(({ diffId }) => store.layers.summary(diffId))),
        sharedWith: layerHolders(image, all.images, all.names),
      });
    },
    tag: async (ref, name) => {
      const { digest } = await findImage(store, ref);
      return (await store.setName(name, { digest }))?.digest ?? null;
    },
    untag: async (name) => (await store.removeName(name))?.digest ?? null,
    resolve: async (name) => (await store.names.resolve(name))?.digest ?? null,
    remove: async (id) => {
      const image = await findImage(store, id);
      await store.forgetImage(image.digest);
      await afterRemove(image);
    },
    heldOnlyBy: async (ids) => bytesHeldOnlyBy(new Set(ids), await store.images.list()),
  };
}

/** Names (or short digests) of the other images that hold each layer of this one. */
function layerHolders(
  image: ImageRecord,
  images: readonly ImageRecord[],
  names: readonly NameRecord[],
): Map<Digest, string[]> {
  const wanted = new Set(image.layers.map((layer) => layer.digest));
  const nameOf = new Map<Digest, string>();
  for (const name of names)
    if (!nameOf.has(name.digest)) nameOf.set(name.digest, familiarReference(referenceOf(name)));
  const holders = new Map<Digest, string[]>();
  for (const other of images) {
    if (other.digest === image.digest) continue;
    const title = nameOf.get(other.digest) ?? `untagged ${other.digest.slice(7, 19)}`;
    for (const { digest } of other.layers) {
      if (wanted.has(digest)) holders.set(digest, [...(holders.get(digest) ?? []), title]);
    }
  }
  return holders;
}
