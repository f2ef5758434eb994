import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import type { Digest } from '#shared/oci/digest.ts';
import type { ImageManifest } from '#shared/oci/manifest.ts';
import { digestOf } from '../../image/content-digest.ts';
import { readFileIfThere, writeFileAtomic } from '../../platform/atomic-file.ts';
import type { Store } from '../../store/store.ts';
import { type CachePlace, describePlace } from './cache-address.ts';
import { parseCacheManifest } from './cache-manifest.ts';
import {
  type CacheRecord,
  type CacheRecords,
  type ListedBase,
  parseRecords,
  RECORDS_SIZE_LIMIT,
} from './cache-records.ts';
import type { CacheStorage, OpenCacheStorage } from './cache-storage.ts';
import { openLocalStorage } from './local-storage.ts';
import { readPart } from './read-part.ts';

/** A shared cache as it was found. */
export interface LoadedCache {
  readonly title: string;
  readonly storage: CacheStorage | null;
  /** By shared key; empty where there is none yet or it could not be read. */
  readonly records: ReadonlyMap<string, CacheRecord>;
  readonly bases: readonly ListedBase[];
  /** Why it could not be read, in words; null when it could. */
  readonly problem: string | null;
}

/** Predictions come one after the other while files change: they ask a cache no more often than this, in ms. */
const FRESH_MS = 20_000;

/** Opens shared caches and reads their records, which are kept here until the cache has others. */
export class CacheReader {
  readonly #store: Store;
  readonly #openRegistry: OpenCacheStorage | null;
  readonly #loaded = new Map<string, { readonly at: number; readonly cache: LoadedCache }>();

  /** Without `openRegistry` only folders can be read. */
  constructor(store: Store, openRegistry: OpenCacheStorage | null) {
    this.#store = store;
    this.#openRegistry = openRegistry;
  }

  /** Throws `unsupported` where there is no way to registries. */
  async open(place: CachePlace): Promise<CacheStorage> {
    if (place.kind === 'local') return openLocalStorage(place.folder, place.tag, this.#store.content);
    if (this.#openRegistry === null)
      throw new AppError('unsupported', 'A shared cache at a registry cannot be reached from here.');
    return this.#openRegistry(place);
  }

  /** What a place holds; never throws but `cancelled`: a cache that cannot be read says why. */
  async read(place: CachePlace, mayBeOld: boolean, signal: AbortSignal): Promise<LoadedCache> {
    const title = describePlace(place);
    const known = this.#loaded.get(title);
    if (mayBeOld && known !== undefined && Date.now() - known.at < FRESH_MS) return known.cache;
    const cache = await this.#read(place, title, signal);
    this.#loaded.set(title, { at: Date.now(), cache });
    return cache;
  }

  async #read(place: CachePlace, title: string, signal: AbortSignal): Promise<LoadedCache> {
    try {
      const storage = await this.open(place);
      const bytes = await storage.manifest(signal);
      if (bytes === null) return { title, storage, records: new Map(), bases: [], problem: null };
      const manifest = parseCacheManifest(bytes);
      const listed = new Set(manifest.layers.map(({ digest }) => digest));
      // What the manifest does not list, a registry need not keep.
      const isListed = (part: { readonly digest: Digest } | null) => part === null || listed.has(part.digest);
      const { steps, bases } = await this.#records(storage, manifest, signal);
      const records = steps.filter(({ layer, index }) => isListed(layer) && isListed(index));
      return {
        title,
        storage,
        records: new Map(records.map((record) => [record.key, record])),
        bases: bases.filter(({ index }) => isListed(index)),
        problem: null,
      };
    } catch (error) {
      signal.throwIfAborted();
      const problem = error instanceof Error ? error.message : String(error);
      return { title, storage: null, records: new Map(), bases: [], problem };
    }
  }

  /** From here where they are the same as last time, else fetched. */
  async #records(
    storage: CacheStorage,
    { config }: ImageManifest,
    signal: AbortSignal,
  ): Promise<CacheRecords> {
    const name = createHash('sha256').update(storage.title).digest('hex');
    const path = join(this.#store.paths.cacheShared(), name);
    const kept = await readFileIfThere(path);
    if (kept !== null && digestOf(kept) === config.digest) return parseRecords(kept);
    const bytes = await readPart(storage, config, RECORDS_SIZE_LIMIT, signal);
    const records = parseRecords(bytes);
    await writeFileAtomic(path, bytes, { sync: false });
    return records;
  }
}
