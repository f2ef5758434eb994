import type { Readable } from 'node:stream';
import type { Digest } from '#shared/oci/digest.ts';
import type { LayerIndex } from '../image/layer-index.ts';
import { findImage } from '../store/find-image.ts';
import type { LayerRecord } from '../store/image-records.ts';
import type { Store } from '../store/store.ts';

/** A layer whose files can be listed, and whose blob can be read from any place on. */
export interface OpenLayer extends LayerRecord {
  index(signal?: AbortSignal): Promise<LayerIndex>;
  /** Present where an index has the price of a transfer: the index if it was made before, null else. */
  known?(): Promise<LayerIndex | null>;
  /** Bytes of the blob from `start` to before `end`. */
  read(start: number, end: number, signal?: AbortSignal): Readable;
}

/** An image whose files can be shown, wherever its layers are; layers oldest first. */
export interface LayeredImage {
  readonly digest: Digest;
  readonly layers: readonly OpenLayer[];
}

/** Opens the image that `ref` names. Throws `not-found`. */
export type OpenLayered = (ref: string, signal?: AbortSignal) => Promise<LayeredImage>;

/** Images of the store. */
export function layeredFromStore(store: Store): OpenLayered {
  return async (ref) => {
    const { digest, layers } = await findImage(store, ref);
    return {
      digest,
      layers: layers.map((layer) => ({
        ...layer,
        index: (signal) => store.layers.index(layer, signal),
        read: (start, end) => store.content.open(layer.digest, { start, end }),
      })),
    };
  };
}
