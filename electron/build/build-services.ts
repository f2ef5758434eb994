import type { Store } from '../store/store.ts';
import { Evictions } from './cache/evictions.ts';
import { BuildHistory } from './cache/history.ts';
import { ListingStore } from './cache/source-listing.ts';
import { StepCache } from './cache/step-cache.ts';
import { CacheReader } from './shared-cache/cache-reader.ts';
import type { OpenCacheStorage } from './shared-cache/cache-storage.ts';
import type { BaseImages } from './solve/base-images.ts';
import type { StepRunner } from './solve/step-runner.ts';

/** What every build of one store shares. */
export interface BuildServices {
  readonly store: Store;
  readonly bases: BaseImages;
  readonly runner: StepRunner;
  readonly steps: StepCache;
  readonly listings: ListingStore;
  readonly history: BuildHistory;
  readonly evictions: Evictions;
  readonly caches: CacheReader;
}

/** The services over a store. `openCache` opens shared caches at registries; without it only folders can be given. */
export function createBuildServices(
  store: Store,
  bases: BaseImages,
  runner: StepRunner,
  openCache: OpenCacheStorage | null = null,
): BuildServices {
  return {
    store,
    bases,
    runner,
    steps: new StepCache(store.paths.cacheSteps()),
    listings: new ListingStore(store.paths.cacheSources()),
    history: new BuildHistory(store.paths.cacheHistory()),
    evictions: new Evictions(store.paths.evictedFile()),
    caches: new CacheReader(store, openCache),
  };
}
