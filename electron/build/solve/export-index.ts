import type { Digest } from '#shared/oci/digest.ts';
import type { ImageIndex } from '#shared/oci/manifest.ts';
import { encodeManifest } from '#shared/oci/manifest-codec.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { documentRecord } from '../../store/document-records.ts';
import type { ImageRecord } from '../../store/image-records.ts';
import type { Store } from '../../store/store.ts';

/** Puts an index of images of the store, one a platform, into the store; equal images give an equal index. */
export async function exportIndex(store: Store, images: readonly ImageRecord[]): Promise<Digest> {
  const index: ImageIndex = {
    mediaType: MEDIA_TYPE.ociIndex,
    manifests: images.map(({ mediaType, digest, manifestSize, platform }) => ({
      mediaType,
      digest,
      size: manifestSize,
      platform,
    })),
  };
  const { digest, size } = await store.content.put(encodeManifest(index));
  await store.documents.put(documentRecord(digest, size, index));
  return digest;
}
