import type { Descriptor, ImageManifest } from '#shared/oci/manifest.ts';
import { encodeManifest, parseImageManifest } from '#shared/oci/manifest-codec.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { malformed } from '#shared/oci/wire.ts';

/**
 * A shared cache is an OCI manifest (image-spec 1.1, artifact): its config holds the records (cache-records.ts), its
 * layers are the layers of the steps, then what is known of them. So any registry keeps all of it together.
 */
export const CACHE_TYPE = {
  artifact: 'application/vnd.strata.build-cache.v1',
  records: 'application/vnd.strata.build-cache.records.v1+json',
  /** What a layer holds (layer-index-codec.ts), so that a step can be looked up without the layer. */
  index: 'application/vnd.strata.build-cache.index.v1',
  /** What a step took from elsewhere, to tell which file changed. */
  listing: 'application/vnd.strata.build-cache.listing.v1+json',
} as const;

/** The bytes of the manifest. */
export function encodeCacheManifest(records: Descriptor, blobs: readonly Descriptor[]): Uint8Array {
  return encodeManifest({
    mediaType: MEDIA_TYPE.ociManifest,
    artifactType: CACHE_TYPE.artifact,
    config: records,
    // A manifest must list something; a cache without layers lists its records once more.
    layers: blobs.length === 0 ? [records] : blobs,
  });
}

/** Reads the manifest of a cache. Throws `malformed` for one that is no cache of Strata. */
export function parseCacheManifest(bytes: Uint8Array): ImageManifest {
  const manifest = parseImageManifest(bytes);
  if (manifest.config.mediaType !== CACHE_TYPE.records)
    throw malformed('shared cache', `it holds ${manifest.artifactType ?? manifest.config.mediaType}`);
  return manifest;
}
