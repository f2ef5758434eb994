import { AppError } from '#shared/errors/app-error.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { isIndex } from '#shared/oci/manifest-codec.ts';
import { parseReference, type Reference, withDefaultTag } from '#shared/oci/reference.ts';
import { imageDescriptors } from '#shared/oci/select-platform.ts';
import type { TransferOptions } from '../../image/image.ts';
import type { LayerIndex } from '../../image/layer-index.ts';
import { forEachParallel } from '../../image/limiter.ts';
import { hostPlatform } from '../../platform/host-platform.ts';
import { reportBlob } from '../../registry/blob-progress.ts';
import type { RegistryClient } from '../../registry/client.ts';
import { fetchIfThere } from '../../registry/manifests.ts';
import { raceAbort } from '../../registry/race.ts';
import {
  openRemoteImage,
  type RegistrySourceOptions,
  type RemoteImage,
  type RemoteLayer,
} from '../../registry/registry-source.ts';
import { ownRepository, selectorOf } from '../../registry/repository.ts';
import type { Store } from '../../store/store.ts';
import type { LayeredImage } from '../layered-image.ts';

/** Layers read side by side: each is a transfer. */
const READ_AT_ONCE = 3;
/** Images kept open: a person looks at a few. */
const KEPT = 8;
/** How long a tag is taken to name what it named, in ms: the pages of one look at an image belong together. */
const TAG_MS = 60_000;

interface IndexingLayer {
  readonly index: Promise<LayerIndex>;
  /** Told how much of the blob has come. */
  readonly listeners: Set<(done: number) => void>;
}

/** Images at registries, opened without pulling them; the indexes of their layers are kept in the store. */
export class RemoteImages {
  readonly #store: Store;
  readonly #client: () => Promise<RegistryClient>;
  readonly #open = new Map<string, { readonly image: Promise<RemoteImage>; readonly at: number }>();
  readonly #indexing = new Map<Digest, IndexingLayer>();

  constructor(store: Store, client: () => Promise<RegistryClient>) {
    this.#store = store;
    this.#client = client;
  }

  /** The image of a reference for this machine, or the first there is. `fresh` asks again what a tag names. */
  open(
    ref: string,
    options: { fresh?: boolean; signal?: AbortSignal | undefined } = {},
  ): Promise<RemoteImage> {
    const reference = parseReference(ref);
    const known = this.#open.get(ref);
    const isStill = reference.digest !== undefined || options.fresh !== true;
    const isYoung = reference.digest !== undefined || (known !== undefined && Date.now() - known.at < TAG_MS);
    if (known !== undefined && isStill && isYoung) return known.image;
    const image = this.#fetch(reference, options.signal);
    this.#open.delete(ref);
    this.#open.set(ref, { image, at: Date.now() });
    image.catch(() => this.#open.delete(ref));
    const oldest = this.#open.keys().next().value;
    if (this.#open.size > KEPT && oldest !== undefined) this.#open.delete(oldest);
    return image;
  }

  /** The image with its layers as something to be listed. */
  async layered(ref: string, signal?: AbortSignal): Promise<LayeredImage> {
    const { digest, layers } = await this.open(ref, { signal });
    return {
      digest,
      layers: layers.map((layer) => ({ ...layer, index: (own) => this.#index(layer, own ?? signal) })),
    };
  }

  async #fetch(reference: Reference, signal: AbortSignal | undefined): Promise<RemoteImage> {
    const { layers: kept, content } = this.#store;
    const options: RegistrySourceOptions = {
      platform: hostPlatform(),
      store: content,
      indexes: {
        get: (layer) => kept.known(layer),
        put: (layer, index) => kept.keep(layer, index),
      },
    };
    const client = await this.#client();
    try {
      return await openRemoteImage(client, reference, options, signal);
    } catch (error) {
      const isMissing = error instanceof AppError && error.code === 'not-found';
      const first = isMissing ? await openFirst(client, reference, options, signal) : null;
      if (first === null) throw error;
      return first;
    }
  }

  /** Reads some layers of an image once, so that their files can be listed. */
  async readLayers(ref: string, wanted: readonly number[], options: TransferOptions): Promise<void> {
    const { signal, onBlob } = options;
    const { layers } = await this.open(ref, { signal });
    const chosen = layers.filter((_, at) => wanted.includes(at));
    const reported = chosen.map((layer) => ({ layer, progress: reportBlob(layer, onBlob) }));
    await forEachParallel(reported, READ_AT_ONCE, signal, async ({ layer, progress }, own) => {
      if ((await layer.known()) !== null) return progress.state('exists');
      await this.#index(layer, own, progress.bytes);
      progress.state('done');
    });
  }

  /** Streams a layer once, however many ask for it; only who began it can stop it. */
  #index(
    layer: RemoteLayer,
    signal: AbortSignal | undefined,
    onBytes?: (done: number) => void,
  ): Promise<LayerIndex> {
    const known = this.#indexing.get(layer.digest);
    if (known !== undefined) {
      if (onBytes !== undefined) known.listeners.add(onBytes);
      return raceAbort(known.index, signal);
    }
    const listeners = new Set(onBytes === undefined ? [] : [onBytes]);
    const index = layer.index(signal, (done) => {
      for (const listener of listeners) listener(done);
    });
    this.#indexing.set(layer.digest, { index, listeners });
    const forget = () => this.#indexing.delete(layer.digest);
    index.then(forget, forget);
    return index;
  }
}

/** The same for what is there for other machines alone: its first image. Null where the reference leads to no list. */
async function openFirst(
  client: RegistryClient,
  reference: Reference,
  options: RegistrySourceOptions,
  signal: AbortSignal | undefined,
): Promise<RemoteImage | null> {
  const named = withDefaultTag(reference);
  const root = await fetchIfThere(client, ownRepository(client, named), selectorOf(named), signal);
  if (root === null || !isIndex(root.document)) return null;
  const [first] = imageDescriptors(root.document);
  if (first === undefined) return null;
  const pinned = { ...named, tag: undefined, digest: first.digest };
  return { ...(await openRemoteImage(client, pinned, options, signal)), root };
}
