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
import { createLayerCheck } from './layer-check.ts';

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
    const check = createLayerCheck(store, options.signal);
    const watched = { ...options, signal: check.signal, onStored: check.onStored };
    const pulled = await pullImage(withWaitsTold(client, options), reference, store.content, watched).catch(
      check.fail,
    );
    await check.finished();
    const { manifest, root } = pulled;
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
