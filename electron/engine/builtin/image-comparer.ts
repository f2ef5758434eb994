import type { ImageDetail } from '#shared/contract/images.ts';
import type { ImageConfig } from '#shared/oci/config.ts';
import { parseConfig } from '#shared/oci/config-codec.ts';
import type { Digest } from '#shared/oci/digest.ts';
import type { LayerIndex } from '../../image/layer-index.ts';
import { compareImages, type ImageComparison } from '../../insight/compare-images.ts';
import { countDifferences, type DifferenceRow, differenceRows } from '../../insight/difference-rows.ts';
import { type PairedItem, pairItems } from '../../insight/pair-layers.ts';
import { findImage } from '../../store/find-image.ts';
import type { Store } from '../../store/store.ts';
import type { ImageCatalog } from '../engine.ts';
import type { ImageComparer } from '../ports.ts';

/** Comparisons kept ready while their files are paged through and turned round. */
const KEPT = 4;

interface Compared extends ImageComparison {
  readonly rows: readonly DifferenceRow[];
}

/** An image that can be compared, wherever it is. */
export interface Comparable {
  readonly digest: Digest;
  /** Compressed bytes of each layer, oldest first. */
  readonly layerSizes: readonly number[];
  config(): Promise<ImageConfig>;
  /** Of each layer, oldest first. */
  indexes(signal?: AbortSignal): Promise<readonly LayerIndex[]>;
  detail(signal?: AbortSignal): Promise<ImageDetail>;
}

/** Opens the image that `ref` names. Throws `not-found`. */
export type OpenComparable = (ref: string, signal?: AbortSignal) => Promise<Comparable>;

/** Compares the store's images by the indexes of their layers: nothing is unpacked. */
export function createImageComparer(store: Store, catalog: ImageCatalog): ImageComparer {
  return compareWith(comparableFromStore(store, catalog));
}

/** Images of the store. */
export function comparableFromStore(store: Store, catalog: Pick<ImageCatalog, 'get'>): OpenComparable {
  return async (ref) => {
    const record = await findImage(store, ref);
    return {
      digest: record.digest,
      layerSizes: record.layers.map(({ size }) => size),
      config: async () => parseConfig(await store.content.read(record.configDigest)),
      indexes: () => Promise.all(record.layers.map((layer) => store.layers.index(layer))),
      detail: (signal) => catalog.get(ref, signal),
    };
  };
}

/** Compares images by the indexes of their layers, opened as `open` does. */
export function compareWith(open: OpenComparable): ImageComparer {
  const kept = new Map<string, Promise<Compared>>();
  const compare = (a: Comparable, b: Comparable, signal: AbortSignal | undefined): Promise<Compared> => {
    const key = `${a.digest} ${b.digest}`;
    const known = kept.get(key) ?? compareOpened(a, b, signal);
    kept.delete(key);
    kept.set(key, known);
    known.catch(() => kept.delete(key));
    const oldest = kept.keys().next().value;
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    return known;
  };
  return {
    compare: async (a, b, signal) => {
      const [first, second] = [await open(a, signal), await open(b, signal)];
      const { files, config } = await compare(first, second, signal);
      const [before, after] = [await first.detail(signal), await second.detail(signal)];
      const layers = pairItems(layerItems(before), layerItems(after));
      return {
        before,
        after,
        layers,
        sameBytes: layers.reduce(
          (sum, { same, after: at }) => sum + (same && at !== null ? (second.layerSizes[at] ?? 0) : 0),
          0,
        ),
        files: countDifferences(files),
        config: [...config],
        history: pairItems(historyItems(before), historyItems(after)),
      };
    },
    files: async ({ a, b, query, offset, limit }, signal) => {
      const { rows } = await compare(await open(a, signal), await open(b, signal), signal);
      const words = query.toLowerCase();
      const found = words === '' ? rows : rows.filter(({ path }) => path.toLowerCase().includes(words));
      return { rows: found.slice(offset, offset + limit), total: found.length };
    },
  };
}

async function compareOpened(
  a: Comparable,
  b: Comparable,
  signal: AbortSignal | undefined,
): Promise<Compared> {
  const read = async (image: Comparable) => ({
    config: await image.config(),
    layers: await image.indexes(signal),
  });
  const compared = await compareImages(await read(a), await read(b));
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
