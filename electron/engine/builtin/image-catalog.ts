import { AppError } from '#shared/errors/app-error.ts';
import { parseConfig } from '#shared/oci/config-codec.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { familiarReference } from '#shared/oci/reference.ts';
import { findNamed } from '../../store/find-image.ts';
import type { ImageRecord } from '../../store/image-records.ts';
import type { LayerSummary } from '../../store/layer-store.ts';
import { type NameRecord, referenceOf } from '../../store/names.ts';
import type { Store } from '../../store/store.ts';
import type { ImageCatalog } from '../engine.ts';
import { imageFamilies, type StoreContents, withFamilies } from './image-families.ts';
import { bytesHeldOnlyBy, detailOf, summarizeImage, summarizeImages } from './image-views.ts';

/** The images of the store as the port shows them. `afterRemove` frees what nothing needs any more. */
export function createImageCatalog(
  store: Store,
  afterRemove: (image: ImageRecord) => Promise<void>,
): ImageCatalog {
  const contents = async (): Promise<StoreContents> => {
    const [images, names, documents] = await Promise.all([
      store.images.list(),
      store.names.list(),
      store.documents.list(),
    ]);
    return { images, names, documents };
  };
  return {
    list: async () => summarizeImages(await contents()),
    get: async (ref) => {
      const { image, index } = await findNamed(store, ref);
      const all = await contents();
      const rawConfig = await store.content.read(image.configDigest);
      const summary = summarizeImage(all, image.digest);
      if (summary === null) throw new AppError('not-found', `The image ${ref} was removed meanwhile.`);
      const layerSummaries = await Promise.all(
        image.layers.map((layer) => store.layers.verifiedSummary(layer)),
      );
      return detailOf({
        // The layers of a pull are looked into later than its record is written.
        summary: { ...summary, unpackedSize: summary.unpackedSize ?? unpackedSize(layerSummaries) },
        image,
        indexDigest: index?.record.digest,
        config: parseConfig(rawConfig),
        rawManifest: (await store.content.read(image.digest)).toString('utf8'),
        rawConfig: rawConfig.toString('utf8'),
        layerSummaries,
        sharedWith: layerHolders(image, all.images, all.names),
      });
    },
    tag: async (ref, name) => {
      const { image, index } = await findNamed(store, ref);
      const target = { digest: image.digest, indexDigest: index?.record.digest };
      return (await store.setName(name, target))?.digest ?? null;
    },
    untag: async (name) => (await store.removeName(name))?.digest ?? null,
    resolve: async (name) => (await store.names.resolve(name))?.digest ?? null,
    remove: async (id) => {
      const { image } = await findNamed(store, id);
      const family = imageFamilies(await contents()).find(({ members }) =>
        members.some(({ digest }) => digest === image.digest),
      );
      for (const index of family?.indexes ?? []) await store.documents.remove(index);
      for (const member of family?.members ?? [image]) {
        await store.forgetImage(member.digest);
        await afterRemove(member);
      }
    },
    heldOnlyBy: async (ids) => {
      const all = await contents();
      return bytesHeldOnlyBy(withFamilies(ids, imageFamilies(all)), all.images);
    },
  };
}

/** Of all layers together, null while one is unknown. */
function unpackedSize(layers: readonly (LayerSummary | null)[]): number | null {
  const sizes = layers.flatMap((layer) => (layer === null ? [] : [layer.contentSize]));
  return sizes.length < layers.length ? null : sizes.reduce((sum, size) => sum + size, 0);
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
