import { formatPlatform, type Platform } from '#shared/oci/platform.ts';
import { canonicalReference, type Reference } from '#shared/oci/reference.ts';
import type { LayerIndex } from '../../image/layer-index.ts';
import type { LayerRecord } from '../../store/image-records.ts';
import type { Store } from '../../store/store.ts';
import type { SharedLayers } from '../shared-cache/shared-layers.ts';
import type { BaseImage, BaseImages, FetchOptions } from './base-images.ts';

export interface BasePoolOptions {
  readonly signal: AbortSignal;
  /** Ask the registry for images that are here, too. */
  readonly pull: boolean;
  /** False in a prediction: nothing is fetched. */
  readonly mayFetch: boolean;
}

/** A base image whose layers are not here yet. */
interface Waiting {
  readonly layers: readonly LayerRecord[];
  readonly pull: NonNullable<BaseImage['pull']>;
  readonly log: FetchOptions['log'];
  running: Promise<void> | null;
}

/**
 * The base images of one build: each is asked for once, and its layers are pulled once, when a step needs their files or
 * the image that is built begins with them; never for a stage that comes from the cache as a whole.
 */
export class BasePool {
  readonly #store: Store;
  readonly #bases: BaseImages;
  readonly #shared: SharedLayers;
  readonly #options: BasePoolOptions;
  readonly #images = new Map<string, Promise<BaseImage | null>>();
  readonly #waiting: Waiting[] = [];

  constructor(store: Store, bases: BaseImages, shared: SharedLayers, options: BasePoolOptions) {
    this.#store = store;
    this.#bases = bases;
    this.#shared = shared;
    this.#options = options;
  }

  /** The image of a name for a platform; null when a prediction cannot know it. Throws `base-not-found`. */
  image(reference: Reference, platform: Platform, log: FetchOptions['log']): Promise<BaseImage | null> {
    const key = `${canonicalReference(reference)} ${formatPlatform(platform)}`;
    const known = this.#images.get(key) ?? this.#find(reference, platform, log);
    this.#images.set(key, known);
    return known;
  }

  async #find(reference: Reference, platform: Platform, log: FetchOptions['log']): Promise<BaseImage | null> {
    const { pull, mayFetch, signal } = this.#options;
    const found = pull ? null : await this.#bases.find(reference, platform);
    const image = found ?? (mayFetch ? await this.#bases.fetch(reference, platform, { signal, log }) : null);
    if (image?.pull === undefined) return image;
    this.#waiting.push({ layers: image.layers, pull: image.pull, log, running: null });
    return image;
  }

  /** Begins to pull an image that will be needed; what goes wrong is told by {@link ensure}. */
  start({ layers }: BaseImage): void {
    for (const waiting of this.#waiting)
      if (waiting.layers === layers) this.#pull(waiting).catch(() => undefined);
  }

  /** Brings the layers here that are not yet, of base images and of shared caches. */
  async ensure(layers: readonly LayerRecord[]): Promise<void> {
    const wanted = new Set(layers.map(({ digest }) => digest));
    const whole = this.#waiting.filter((image) => image.layers.every(({ digest }) => wanted.has(digest)));
    for (const { digest } of whole.flatMap((image) => image.layers)) wanted.delete(digest);
    await Promise.all(whole.map((image) => this.#pull(image)));
    for (const layer of layers) if (wanted.has(layer.digest)) await this.#ensureOne(layer);
    await this.#shared.ensure(layers);
  }

  /** What a layer holds; a layer of a base whose list of files is not known is pulled for it. */
  async index(layer: LayerRecord): Promise<LayerIndex> {
    if (!this.#isWaiting(layer)) return this.#shared.index(layer);
    const known = await this.#shared.baseIndex(layer);
    if (known !== null) return known;
    await this.#ensureOne(layer);
    return this.#store.layers.index(layer, this.#options.signal);
  }

  /** Whether the names and attributes of all files are known without a pull; shared caches are asked for them. */
  async canList(layers: readonly LayerRecord[]): Promise<boolean> {
    const missing = layers.filter((layer) => this.#isWaiting(layer));
    const known = await Promise.all(missing.map((layer) => this.#shared.baseIndex(layer)));
    return known.every((index) => index !== null);
  }

  /** The same of this machine alone. */
  async isListed(layers: readonly LayerRecord[]): Promise<boolean> {
    const missing = layers.filter((layer) => this.#isWaiting(layer));
    const known = await Promise.all(missing.map((layer) => this.#store.layers.known(layer)));
    return known.every((index) => index !== null);
  }

  /** The layers of all images that were asked for. */
  async layers(): Promise<readonly LayerRecord[]> {
    const images = await Promise.all(this.#images.values());
    return images.flatMap((image) => image?.layers ?? []);
  }

  /** Waits until no pull goes on, whatever came of it. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#waiting.map(({ running }) => running));
  }

  #isWaiting({ digest }: LayerRecord): boolean {
    return this.#waiting.some(({ layers }) => layers.some((layer) => layer.digest === digest));
  }

  /** A single layer, which may be here as a part of another image; else the image that it belongs to is pulled. */
  async #ensureOne(layer: LayerRecord): Promise<void> {
    const having = this.#waiting.filter(({ layers }) => layers.some(({ digest }) => digest === layer.digest));
    const [first] = having;
    if (first === undefined || (await this.#store.content.touch(layer.digest, layer.size))) return;
    await this.#pull(having.find(({ running }) => running !== null) ?? first);
  }

  #pull(waiting: Waiting): Promise<void> {
    const { signal } = this.#options;
    waiting.running ??= waiting.pull({ signal, log: waiting.log });
    return waiting.running;
  }
}
