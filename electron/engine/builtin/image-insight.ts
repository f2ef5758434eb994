import type { LayerIndex } from '../../image/layer-index.ts';
import { findAdvice } from '../../insight/advice.ts';
import { readContents } from '../../insight/image-contents.ts';
import { findWaste } from '../../insight/waste.ts';
import { findImage } from '../../store/find-image.ts';
import type { Store } from '../../store/store.ts';
import type { ImageInsight } from '../ports.ts';

/** Waste and advice of the store's images, from the indexes of their layers. */
export function createImageInsight(store: Store): ImageInsight {
  return insightWith(async (ref, signal) => {
    const image = await findImage(store, ref);
    const indexes = await Promise.all(image.layers.map((layer) => store.layers.index(layer, signal)));
    return { indexes, firstOwnLayer: image.baseLayers };
  });
}

/** What an image holds, oldest layer first; those before `firstOwnLayer` came with its base. */
interface OpenedIndexes {
  readonly indexes: readonly LayerIndex[];
  readonly firstOwnLayer: number;
}

/** Waste and advice of images that are opened as `open` does. */
export function insightWith(
  open: (ref: string, signal: AbortSignal | undefined) => Promise<OpenedIndexes>,
): ImageInsight {
  return {
    waste: async (ref, signal) => {
      const { indexes, firstOwnLayer } = await open(ref, signal);
      const contents = await readContents(indexes, signal);
      const { waste, wastedByLayer } = await findWaste(contents, { signal });
      const advice = await findAdvice(contents, { firstOwnLayer, signal });
      return { waste, advice, wastedByLayer: [...wastedByLayer] };
    },
  };
}
