import { Readable } from 'node:stream';
import { parseConfig } from '#shared/oci/config-codec.ts';
import { parseImageManifest } from '#shared/oci/manifest-codec.ts';
import { decompressLayer } from '../image/decompress-layer.ts';
import type { Image, Layer } from '../image/image.ts';
import type { ImageRecord, LayerRecord } from './image-records.ts';
import type { Store } from './store.ts';

/** An image of the store as a view whose layers can be read. */
export async function openStoreImage(store: Store, record: ImageRecord): Promise<Image> {
  const rawManifest = await store.content.read(record.digest);
  const rawConfig = await store.content.read(record.configDigest);
  return {
    digest: record.digest,
    mediaType: record.mediaType,
    rawManifest,
    manifest: parseImageManifest(rawManifest),
    rawConfig,
    config: parseConfig(rawConfig),
    layers: record.layers.map((layer) => openStoreLayer(store, layer)),
  };
}

/**
 * A layer of the store as a view. Its blob was verified when it came in, and what it unpacks to is before the first
 * byte is handed out; so reading it again does not hash it again.
 */
export function openStoreLayer(store: Store, layer: LayerRecord): Layer {
  return {
    ...layer,
    compressed: async () => store.content.open(layer.digest),
    uncompressed: async (signal) => {
      await store.layers.verify(layer, signal);
      const tar = decompressLayer(store.content.open(layer.digest), layer.mediaType, { signal });
      return Readable.from(tar, { objectMode: false });
    },
    index: (signal) => store.layers.index(layer, signal),
  };
}
