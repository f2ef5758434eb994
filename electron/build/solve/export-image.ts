import { baseAnnotations } from '#shared/oci/base-reference.ts';
import { encodeConfig } from '#shared/oci/config-codec.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { encodeManifest } from '#shared/oci/manifest-codec.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import type { ImageRecord } from '../../store/image-records.ts';
import type { Store } from '../../store/store.ts';
import type { StageState } from '../steps/stage-state.ts';

/** Docker's layer types name the same bytes as these. */
const OCI_LAYER: Readonly<Record<string, string>> = {
  [MEDIA_TYPE.dockerLayer]: MEDIA_TYPE.ociLayer,
  [MEDIA_TYPE.dockerLayerGzip]: MEDIA_TYPE.ociLayerGzip,
};

/**
 * Makes an image of a finished stage and puts it into the store; throws `digest-mismatch` where a layer of its base is not what
 * that base says. Its times are those of the steps, not of now, so
 * that a build in which every step hits gives the same digest again.
 */
export async function exportImage(
  store: Store,
  state: StageState,
  epoch: number | null,
  signal?: AbortSignal,
): Promise<ImageRecord> {
  // Layers of a base that no step looked into: the image is named by their diffIDs, too.
  await Promise.all(state.layers.map((layer) => store.layers.verify(layer, signal)));
  const created = new Date(epoch === null ? state.builtAt : epoch * 1000).toISOString();
  const config = encodeConfig({
    platform: state.platform,
    created,
    author: state.author,
    config: state.runtime,
    diffIds: state.layers.map((layer) => layer.diffId),
    history: state.history,
  });
  const stored = await store.content.put(config);
  const manifest = encodeManifest({
    mediaType: MEDIA_TYPE.ociManifest,
    config: { mediaType: MEDIA_TYPE.ociConfig, ...stored },
    layers: state.layers.map(({ digest, size, mediaType }) => ({
      mediaType: OCI_LAYER[mediaType] ?? mediaType,
      digest,
      size,
    })),
    annotations: state.base === null ? undefined : baseAnnotations(state.base),
  });
  const { digest } = await store.content.put(manifest);
  return store.addImage(digest as Digest, { baseLayers: state.baseLayers });
}
