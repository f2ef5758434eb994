import type { DiffId } from '#shared/oci/digest.ts';
import type { ExpectedLayer, LayerPreparation } from '../../build/solve/step-runner.ts';
import { BlockReader } from '../../image/block-reader.ts';
import type { LayerIndex } from '../../image/layer-index.ts';
import { type EntriesByPath, findByPath, isLikelyLaid } from '../../sandbox/lay-layer.ts';
import type { Laying, LowerStore } from '../../sandbox/lower-store.ts';
import type { LayerRecord } from '../../store/image-records.ts';
import type { Store } from '../../store/store.ts';

/** Layers up to this many bytes may be small enough to be put together from nothing. */
const SMALL_LAYER = 256 * 1024;

/** Layers that are put together from what an earlier layer of the same step has, instead of being unpacked. */
export class LikeLayers {
  readonly #store: Store;
  readonly #lowers: LowerStore;
  readonly #earlier = new Map<DiffId, LayerRecord>();
  /** Of the layer that was looked into last: it is looked into once more when another is laid. One is kept, not all. */
  #found: { readonly index: LayerIndex; readonly entries: EntriesByPath } | null = null;

  constructor(store: Store, lowers: LowerStore) {
    this.#store = store;
    this.#lowers = lowers;
  }

  /** Remembers which layer another is like, once that is written; null where it should be unpacked beside. */
  async prepare(expected: ExpectedLayer): Promise<LayerPreparation | null> {
    const { earlier } = expected;
    const known = earlier === null ? null : await this.#known(earlier);
    if (!isLikelyLaid(expected, known?.entries ?? null)) return null;
    return {
      write: async () => undefined,
      finish: async ({ diffId }) => {
        if (earlier !== null) this.#earlier.set(diffId, earlier);
      },
      drop: async () => undefined,
    };
  }

  /** How to put a layer together; null where its files cannot be read one by one, or are too many. */
  async laying(layer: LayerRecord): Promise<Laying | null> {
    const earlier = this.#earlier.get(layer.diffId);
    // It is asked for once: what is laid or unpacked stays.
    this.#earlier.delete(layer.diffId);
    if (earlier === undefined && layer.size > SMALL_LAYER) return null;
    const index = await this.#store.layers.known(layer);
    if (index === null || index.seekPoints.length === 0) return null;
    const { content } = this.#store;
    const reader = new BlockReader(index, layer.size, (start, end) =>
      content.readPart(layer.digest, start, end),
    );
    const files = { index, content: reader.content.bind(reader) };
    const known = earlier === undefined ? null : await this.#known(earlier);
    this.#found = null;
    return { files, earlier: known };
  }

  /** The layer itself, or the one whose folder it lies over. */
  async #known(layer: LayerRecord): Promise<Laying['earlier']> {
    const diffId = await this.#lowers.whole(layer.diffId);
    const whole = diffId === layer.diffId ? layer : diffId && (await this.#store.layers.made(diffId));
    const index = whole && (await this.#store.layers.known(whole));
    if (index === null) return null;
    if (this.#found?.index !== index) this.#found = { index, entries: await findByPath(index) };
    return { diffId: index.diffId, entries: this.#found.entries };
  }
}
