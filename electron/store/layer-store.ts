import { AppError } from '#shared/errors/app-error.ts';
import type { DiffId, Digest } from '#shared/oci/digest.ts';
import { decompressLayer } from '../image/decompress-layer.ts';
import { indexInThread, WORTH_A_THREAD } from '../image/index-in-thread.ts';
import { indexLayer } from '../image/index-layer.ts';
import type { LayerIndex } from '../image/layer-index.ts';
import { decodeLayerIndex, encodeLayerIndex } from '../image/layer-index-codec.ts';
import { readFileIfThere, readJsonIfThere, writeFileAtomic } from '../platform/atomic-file.ts';
import type { ContentStore } from './content-store.ts';
import type { LayerRecord } from './image-records.ts';
import type { StorePaths } from './store-paths.ts';

/** How many decoded indexes are kept in memory: a few images' worth. */
const MEMORY_LIMIT = 64;

/** What is in a layer, in numbers. */
export interface LayerSummary {
  /** Sum of the files' sizes in bytes. */
  readonly contentSize: number;
  readonly fileCount: number;
}

/** What the store knows of layers: the blob of each diffId, and the index of each blob. */
export class LayerStore {
  readonly #paths: StorePaths;
  readonly #content: ContentStore;
  readonly #loaded = new Map<Digest, Promise<LayerIndex>>();

  constructor(paths: StorePaths, content: ContentStore) {
    this.#paths = paths;
    this.#content = content;
  }

  /** A blob that holds the layer and is in the store, null when there is none. */
  async find(diffId: DiffId): Promise<LayerRecord | null> {
    const record = (await readJsonIfThere(this.#paths.layer(diffId))) as LayerRecord | null;
    if (record === null || typeof record.digest !== 'string') return null;
    return (await this.#content.size(record.digest)) === record.size ? record : null;
  }

  /** Remembers which blob holds a layer, and what is in it when that is known. */
  async record(layer: LayerRecord, index?: LayerIndex): Promise<void> {
    if (index !== undefined) {
      this.#remember(layer.digest, Promise.resolve(index));
      // An index can be made again from its blob, so it need not wait for the disk.
      await writeFileAtomic(this.#paths.index(layer.digest), await encodeLayerIndex(index), { sync: false });
    }
    await this.#describe(layer, index);
  }

  /** The layer in numbers, null when nobody has looked into it yet. */
  async summary(diffId: DiffId): Promise<LayerSummary | null> {
    const record = (await readJsonIfThere(this.#paths.layer(diffId))) as Partial<LayerSummary> | null;
    if (typeof record?.contentSize !== 'number' || typeof record.fileCount !== 'number') return null;
    return { contentSize: record.contentSize, fileCount: record.fileCount };
  }

  /**
   * What the layer holds. The first time it is made by reading the blob once, which verifies the diffId: throws
   * `digest-mismatch`, `malformed`, `unsafe-archive`, or `not-found` when the blob is gone.
   */
  async index(layer: LayerRecord, signal?: AbortSignal): Promise<LayerIndex> {
    const known = this.#loaded.get(layer.digest);
    if (known !== undefined) return verified(layer, await known);
    const loading = this.#load(layer, signal);
    this.#remember(layer.digest, loading);
    loading.catch(() => this.#loaded.delete(layer.digest));
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
    const made = await indexInThread(order, signal);
    if (made === null) return null;
    const index = verified(layer, await decodeLayerIndex(made.bytes));
    await writeFileAtomic(this.#paths.index(layer.digest), made.bytes, { sync: false });
    await this.#describe(layer, index);
    return index;
  }

  async #describe(layer: LayerRecord, index?: LayerIndex): Promise<void> {
    const summary = index === undefined ? {} : summarize(index);
    await writeFileAtomic(this.#paths.layer(layer.diffId), JSON.stringify({ ...layer, ...summary }), {
      sync: false,
    });
  }

  #remember(digest: Digest, index: Promise<LayerIndex>): void {
    this.#loaded.delete(digest);
    this.#loaded.set(digest, index);
    const oldest = this.#loaded.keys().next().value;
    if (this.#loaded.size > MEMORY_LIMIT && oldest !== undefined) this.#loaded.delete(oldest);
  }
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

function summarize(index: LayerIndex): LayerSummary {
  return {
    contentSize: index.contentSize,
    fileCount: index.entries.filter((entry) => entry.type === 'file').length,
  };
}
