import type { Descriptor } from '#shared/oci/manifest.ts';
import type { LayerIndex } from '../../image/layer-index.ts';
import { decodeLayerIndex } from '../../image/layer-index-codec.ts';
import type { LayerRecord } from '../../store/image-records.ts';
import type { Store } from '../../store/store.ts';
import { CACHE_TYPE } from './cache-manifest.ts';
import { type CachePart, PART_SIZE_LIMIT } from './cache-records.ts';
import type { CacheStorage } from './cache-storage.ts';
import { readPart } from './read-part.ts';

/** What a shared cache promised and does not hold to: the build goes on without it. */
export class SharedCacheFailure extends Error {
  readonly title: string;

  constructor(title: string, cause: unknown) {
    super(
      `The shared cache ${title} cannot be used: ${cause instanceof Error ? cause.message : 'it is broken'}`,
      {
        cause,
      },
    );
    this.title = title;
  }
}

/** A layer whose list of files lies in a shared cache. */
interface ListedLayer {
  readonly layer: LayerRecord;
  readonly index: CachePart;
  readonly storage: CacheStorage;
}

/** A layer that a hit stands on and that may still lie in the shared cache. */
interface SharedLayer extends ListedLayer {
  /** Done once the layer is here and sound. */
  onTaken(): Promise<void>;
}

/** How many layers are fetched at the same time. */
const AT_ONCE = 4;

/** Layers of one build that come from shared caches: fetched when a step or the image needs them, never before. */
export class SharedLayers {
  readonly #store: Store;
  readonly #signal: AbortSignal;
  readonly #waiting = new Map<string, SharedLayer>();
  /** Layers of base images, of which the caches have the lists alone. */
  readonly #bases = new Map<string, ListedLayer>();
  readonly #indexes = new Map<string, Promise<LayerIndex>>();
  readonly #fetching = new Map<string, Promise<void>>();

  constructor(store: Store, signal: AbortSignal) {
    this.#store = store;
    this.#signal = signal;
  }

  add(shared: SharedLayer): void {
    this.#waiting.set(shared.layer.digest, shared);
  }

  addBase(base: ListedLayer): void {
    if (!this.#bases.has(base.layer.digest)) this.#bases.set(base.layer.digest, base);
  }

  /** What a layer holds, without fetching it. Throws {@link SharedCacheFailure}. */
  index(layer: LayerRecord): Promise<LayerIndex> {
    const shared = this.#waiting.get(layer.digest);
    return shared === undefined ? this.#store.layers.index(layer, this.#signal) : this.#listOf(shared);
  }

  /**
   * What a layer of a base image holds, by a list of this machine or of a shared cache; null where there is none. That
   * of a cache is not kept in the store: it is what the cache says of an image of others. Throws {@link SharedCacheFailure}.
   */
  async baseIndex(layer: LayerRecord): Promise<LayerIndex | null> {
    const known = await this.#store.layers.known(layer);
    const listed = this.#bases.get(layer.digest);
    if (known !== null || listed?.layer.diffId !== layer.diffId) return known;
    return this.#listOf(listed);
  }

  #listOf(listed: ListedLayer): Promise<LayerIndex> {
    const { digest } = listed.layer;
    const known = this.#indexes.get(digest) ?? this.#readIndex(listed);
    this.#indexes.set(digest, known);
    return known;
  }

  async #readIndex({ layer, index, storage }: ListedLayer): Promise<LayerIndex> {
    const here = await this.#store.layers.known(layer);
    if (here !== null) return here;
    return this.#orFail(storage, async () => {
      const descriptor = { mediaType: CACHE_TYPE.index, ...index };
      const bytes = await readPart(storage, descriptor, PART_SIZE_LIMIT, this.#signal);
      const decoded = await decodeLayerIndex(bytes);
      if (decoded.diffId !== layer.diffId) throw new Error('the list of a layer is that of another one.');
      return decoded;
    });
  }

  /** Brings the layers here that are not yet, each checked by its digest and diffID. Throws {@link SharedCacheFailure}. */
  async ensure(layers: readonly LayerRecord[]): Promise<void> {
    const wanted = layers.filter(({ digest }) => this.#waiting.has(digest));
    const work = async () => {
      for (let layer = wanted.shift(); layer !== undefined; layer = wanted.shift())
        await this.#ensureOne(layer);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  #ensureOne({ digest }: LayerRecord): Promise<void> {
    const shared = this.#waiting.get(digest);
    if (shared === undefined) return Promise.resolve();
    const running = this.#fetching.get(digest) ?? this.#fetch(shared);
    this.#fetching.set(digest, running);
    return running;
  }

  async #fetch({ layer, storage, onTaken }: SharedLayer): Promise<void> {
    const { content, layers } = this.#store;
    await this.#orFail(storage, async () => {
      const descriptor: Descriptor = { mediaType: layer.mediaType, digest: layer.digest, size: layer.size };
      if (!(await content.touch(layer.digest, layer.size)))
        await storage.fetch(descriptor, content, this.#signal);
      // Reads it to its end, which checks what it unpacks to.
      await layers.index(layer, this.#signal);
    });
    this.#waiting.delete(layer.digest);
    await onTaken();
  }

  async #orFail<T>(storage: CacheStorage, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.#signal.throwIfAborted();
      throw new SharedCacheFailure(storage.title, error);
    }
  }
}
