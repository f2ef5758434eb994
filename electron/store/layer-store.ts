import { availableParallelism } from 'node:os';
import { AppError, isCancelled } from '#shared/errors/app-error.ts';
import type { DiffId, Digest } from '#shared/oci/digest.ts';
import { cancelled } from '../image/abortable.ts';
import { decompressLayer } from '../image/decompress-layer.ts';
import { indexInThread, WORTH_A_THREAD } from '../image/index-in-thread.ts';
import { indexLayer } from '../image/index-layer.ts';
import type { LayerIndex } from '../image/layer-index.ts';
import { decodeLayerIndex, encodeLayerIndex } from '../image/layer-index-codec.ts';
import { createLimiter } from '../image/limiter.ts';
import { readFileIfThere, readJsonIfThere, writeFileAtomic } from '../platform/atomic-file.ts';
import { visitInSlices } from '../platform/yield.ts';
import type { ContentStore } from './content-store.ts';
import type { LayerRecord } from './image-records.ts';
import type { StorePaths } from './store-paths.ts';

/** How many decoded indexes are kept in memory: a few images' worth. */
const MEMORY_LIMIT = 64;

/** Large layers that are looked into at the same time, each in a thread of its own. */
const THREADS = Math.min(4, Math.max(2, availableParallelism()));

/** What is in a layer, in numbers. */
export interface LayerSummary {
  /** Sum of the files' sizes in bytes. */
  readonly contentSize: number;
  readonly fileCount: number;
}

/**
 * What the store knows of layers: the blob of each diffId, and the index of each blob. Both are written only once the
 * blob was read and does unpack to that diffId: what an image claims of its layers is never taken for what they are.
 */
export class LayerStore {
  readonly #paths: StorePaths;
  readonly #content: ContentStore;
  readonly #loaded = new Map<Digest, Promise<LayerIndex>>();
  readonly #threads = createLimiter(THREADS);

  constructor(paths: StorePaths, content: ContentStore) {
    this.#paths = paths;
    this.#content = content;
  }

  /** Remembers which blob holds a layer and what is in it, for who made the blob or has read it. */
  async record(layer: LayerRecord, index: LayerIndex): Promise<void> {
    await this.keep(layer, index);
    await this.#describe(layer, index);
  }

  /** The blob that is known to unpack to a diffID; null where nobody has looked into one. It need not be here any more. */
  async made(diffId: DiffId): Promise<LayerRecord | null> {
    const { digest, size, mediaType } = await this.#described(diffId);
    if (digest === undefined || size === undefined || mediaType === undefined) return null;
    return { digest, diffId, size, mediaType };
  }

  /** What any layer with this diffID is in numbers, null when nobody has looked into one yet. */
  async summary(diffId: DiffId): Promise<LayerSummary | null> {
    const { contentSize, fileCount } = await this.#described(diffId);
    if (typeof contentSize !== 'number' || typeof fileCount !== 'number') return null;
    return { contentSize, fileCount };
  }

  /** This very blob in numbers; null when nobody has looked into it yet, so that its diffID is a claim. */
  async verifiedSummary(layer: LayerRecord): Promise<LayerSummary | null> {
    const { digest } = await this.#described(layer.diffId);
    const summary = digest === layer.digest ? await this.summary(layer.diffId) : null;
    if (summary !== null) return summary;
    const index = await this.known(layer);
    return index === null ? null : summarize(index);
  }

  /** Makes sure that a blob unpacks to what its diffID says; it is read where nobody did yet. Throws as {@link index}. */
  async verify(layer: LayerRecord, signal?: AbortSignal): Promise<void> {
    if ((await this.verifiedSummary(layer)) === null) await this.index(layer, signal);
  }

  /**
   * What the layer holds. The first time it is made by reading the blob once, which verifies the diffId: throws
   * `digest-mismatch`, `malformed`, `unsafe-archive`, or `not-found` when the blob is gone.
   */
  async index(layer: LayerRecord, signal?: AbortSignal): Promise<LayerIndex> {
    for (let known = this.#loaded.get(layer.digest); known; known = this.#loaded.get(layer.digest)) {
      try {
        return verified(layer, await known);
      } catch (error) {
        // The other may have been called off, or have meant another diffID: that says nothing of this one.
        if (signal?.aborted === true) throw cancelled();
        if (this.#loaded.get(layer.digest) === known || !isOthersConcern(error)) throw error;
      }
    }
    const loading = this.#load(layer, signal);
    this.#remember(layer.digest, loading);
    loading.catch(() => {
      if (this.#loaded.get(layer.digest) === loading) this.#loaded.delete(layer.digest);
    });
    return loading;
  }

  /** The index of a layer, whose blob need not be here, if it was made once; null when it was not. */
  async known(layer: LayerRecord): Promise<LayerIndex | null> {
    const loaded = await this.#loaded.get(layer.digest)?.catch(() => null);
    if (loaded?.diffId === layer.diffId) return loaded;
    const stored = await this.#stored(layer);
    if (stored !== null) this.#remember(layer.digest, Promise.resolve(stored));
    return stored;
  }

  /** The layer in numbers, wherever its blob is, if anybody has looked into it. */
  async knownSummary(layer: LayerRecord): Promise<LayerSummary | null> {
    const summary = await this.summary(layer.diffId);
    if (summary !== null) return summary;
    const index = await this.known(layer);
    return index === null ? null : summarize(index);
  }

  /** Keeps the index of a layer whose blob is elsewhere. */
  async keep(layer: LayerRecord, index: LayerIndex): Promise<void> {
    this.#remember(layer.digest, Promise.resolve(index));
    // An index can be made again from its blob, so it need not wait for the disk.
    await writeFileAtomic(this.#paths.index(layer.digest), await encodeLayerIndex(index), { sync: false });
  }

  async #stored(layer: LayerRecord): Promise<LayerIndex | null> {
    const bytes = await readFileIfThere(this.#paths.index(layer.digest));
    if (bytes === null) return null;
    const stored = await decodeLayerIndex(bytes).catch(() => null);
    return stored?.diffId === layer.diffId ? stored : null;
  }

  async #load(layer: LayerRecord, signal?: AbortSignal): Promise<LayerIndex> {
    const stored = await this.#stored(layer);
    if (stored !== null) return stored;
    const made = await this.#indexBeside(layer, signal);
    if (made !== null) return made;
    const blob = this.#content.open(layer.digest);
    const tar = decompressLayer(blob, layer.mediaType, { signal });
    const index = verified(layer, await indexLayer(tar, { signal }));
    await this.record(layer, index);
    return index;
  }

  /** Made in a thread; null where that is not worth it or cannot be. */
  async #indexBeside(layer: LayerRecord, signal?: AbortSignal): Promise<LayerIndex | null> {
    if (layer.size < WORTH_A_THREAD) return null;
    const order = { file: this.#paths.blob(layer.digest), mediaType: layer.mediaType };
    const made = await this.#threads.run(() => indexInThread(order, signal), signal);
    if (made === null) return null;
    const index = verified(layer, await decodeLayerIndex(made.bytes));
    await writeFileAtomic(this.#paths.index(layer.digest), made.bytes, { sync: false });
    await this.#describe(layer, index);
    return index;
  }

  async #describe(layer: LayerRecord, index: LayerIndex): Promise<void> {
    const text = JSON.stringify({ ...layer, ...(await summarize(index)) });
    await writeFileAtomic(this.#paths.layer(layer.diffId), text, { sync: false });
  }

  async #described(diffId: DiffId): Promise<Partial<LayerRecord & LayerSummary>> {
    return (
      ((await readJsonIfThere(this.#paths.layer(diffId))) as Partial<LayerRecord & LayerSummary> | null) ?? {}
    );
  }

  #remember(digest: Digest, index: Promise<LayerIndex>): void {
    this.#loaded.delete(digest);
    this.#loaded.set(digest, index);
    const oldest = this.#loaded.keys().next().value;
    if (this.#loaded.size > MEMORY_LIMIT && oldest !== undefined) this.#loaded.delete(oldest);
  }
}

/** Whether an error may be due to who asked, not to the blob. */
function isOthersConcern(error: unknown): boolean {
  return isCancelled(error) || (error instanceof AppError && error.code === 'digest-mismatch');
}

/** The index, if it is of the layer that was meant. */
function verified(layer: LayerRecord, index: LayerIndex): LayerIndex {
  if (index.diffId === layer.diffId) return index;
  throw new AppError(
    'digest-mismatch',
    `Layer ${layer.digest} does not unpack to what the image's config says.`,
    {
      hint: 'The image was put together wrongly or its config was changed. Pull it again, or ask who made it.',
      detail: { kind: 'digest', expected: layer.diffId, actual: index.diffId },
    },
  );
}

async function summarize({ contentSize, entries }: LayerIndex): Promise<LayerSummary> {
  let fileCount = 0;
  await visitInSlices(entries, ({ type }) => {
    if (type === 'file') fileCount += 1;
  });
  return { contentSize, fileCount };
}
