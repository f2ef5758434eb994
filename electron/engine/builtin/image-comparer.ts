import type { ImageDetail } from '#shared/contract/images.ts';
import { parseConfig } from '#shared/oci/config-codec.ts';
import { compareImages, type ImageComparison } from '../../insight/compare-images.ts';
import { countDifferences, type DifferenceRow, differenceRows } from '../../insight/difference-rows.ts';
import { type PairedItem, pairItems } from '../../insight/pair-layers.ts';
import { findImage } from '../../store/find-image.ts';
import type { ImageRecord } from '../../store/image-records.ts';
import type { Store } from '../../store/store.ts';
import type { ImageCatalog } from '../engine.ts';
import type { ImageComparer } from '../ports.ts';

/** Comparisons kept ready while their files are paged through and turned round. */
const KEPT = 4;

interface Compared extends ImageComparison {
  readonly rows: readonly DifferenceRow[];
}

/** Compares the store's images by the indexes of their layers: nothing is unpacked. */
export function createImageComparer(store: Store, catalog: ImageCatalog): ImageComparer {
  const kept = new Map<string, Promise<Compared>>();
  const compare = (a: ImageRecord, b: ImageRecord): Promise<Compared> => {
    const key = `${a.digest} ${b.digest}`;
    const known = kept.get(key) ?? compareRecords(store, a, b);
    kept.delete(key);
    kept.set(key, known);
    known.catch(() => kept.delete(key));
    const oldest = kept.keys().next().value;
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    return known;
  };
  return {
    compare: async (a, b, signal) => {
      const [first, second] = [await findImage(store, a), await findImage(store, b)];
      const { files, config } = await compare(first, second);
      const [before, after] = [await catalog.get(a, signal), await catalog.get(b, signal)];
      const layers = pairItems(layerItems(before), layerItems(after));
      return {
        before,
        after,
        layers,
        sameBytes: layers.reduce(
          (sum, { same, after: at }) => sum + (same && at !== null ? (second.layers[at]?.size ?? 0) : 0),
          0,
        ),
        files: countDifferences(files),
        config: [...config],
        history: pairItems(historyItems(before), historyItems(after)),
      };
    },
    files: async ({ a, b, query, offset, limit }) => {
      const { rows } = await compare(await findImage(store, a), await findImage(store, b));
      const words = query.toLowerCase();
      const found = words === '' ? rows : rows.filter(({ path }) => path.toLowerCase().includes(words));
      return { rows: found.slice(offset, offset + limit), total: found.length };
    },
  };
}

async function compareRecords(store: Store, a: ImageRecord, b: ImageRecord): Promise<Compared> {
  const open = async (image: ImageRecord) => ({
    config: parseConfig(await store.content.read(image.configDigest)),
    layers: await Promise.all(image.layers.map((layer) => store.layers.index(layer))),
  });
  const compared = await compareImages(await open(a), await open(b));
  return { ...compared, rows: differenceRows(compared.files) };
}

function layerItems({ layers }: ImageDetail): PairedItem[] {
  return layers.map(({ createdBy, diffId }) => ({ createdBy, identity: diffId }));
}

function historyItems({ history, layers }: ImageDetail): PairedItem[] {
  return history.map(({ createdBy, layer }) => ({
    createdBy,
    identity: layer === null ? createdBy : `${createdBy} ${layers[layer]?.diffId}`,
  }));
}
