import { parseConfig } from '#shared/oci/config-codec.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { parseImageIndex } from '#shared/oci/manifest-codec.ts';
import type { Platform } from '#shared/oci/platform.ts';
import type { Reference } from '#shared/oci/reference.ts';
import type { TransferOptions } from '../../image/image.ts';
import type { RegistryClient } from '../../registry/client.ts';
import { pullImage } from '../../registry/pull.ts';
import { withWaitsTold } from '../../registry/with-defaults.ts';
import { documentRecord } from '../../store/document-records.ts';
import type { ImageRecord } from '../../store/image-records.ts';
import type { Store } from '../../store/store.ts';

/** Layers that are unpacked and checked at the same time. */
const INDEXED_AT_ONCE = 2;

/**
 * Pulls an image into the store, checks what its layers unpack to, and names it. Nothing is named before all of it is
 * there. Throws what `pullImage` does, and `digest-mismatch` or `unsafe-archive` for a layer that is not sound.
 */
export async function pullIntoStore(
  store: Store,
  client: RegistryClient,
  reference: Reference,
  options: TransferOptions & { readonly platform: Platform },
): Promise<ImageRecord> {
  const lease = await store.lease();
  try {
    const pulled = await pullImage(withWaitsTold(client, options), reference, store.content, options);
    const { document, manifest, root } = pulled;
    const config = parseConfig(await store.content.read(document.config.digest));
    const layers = document.layers.flatMap((layer, i) => {
      const diffId = config.diffIds[i];
      return diffId === undefined
        ? []
        : [{ digest: layer.digest, diffId, size: layer.size, mediaType: layer.mediaType }];
    });
    const waiting = [...layers];
    const work = async () => {
      for (let layer = waiting.shift(); layer !== undefined; layer = waiting.shift()) {
        await store.layers.index(layer, options.signal);
      }
    };
    await Promise.all(Array.from({ length: INDEXED_AT_ONCE }, work));
    const record = await store.addImage(manifest.digest);
    const indexDigest = root.digest === manifest.digest ? undefined : root.digest;
    if (indexDigest !== undefined) await keepIndex(store, indexDigest);
    await store.setName(pulled.reference, { digest: manifest.digest, indexDigest }, 'pull');
    return record;
  } finally {
    await lease.release();
  }
}

/** Keeps an index with those of its images that are here, so that the name's other platforms stay known. */
async function keepIndex(store: Store, digest: Digest): Promise<void> {
  const bytes = await store.content.read(digest);
  await store.documents.put(documentRecord(digest, bytes.length, parseImageIndex(bytes)));
}
