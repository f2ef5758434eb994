import type { OpenCacheStorage } from '../../../build/shared-cache/cache-storage.ts';
import type { RegistryClient } from '../../../registry/client.ts';
import type { Store } from '../../../store/store.ts';

/** Opens shared caches at registries. The client, and what speaks to registries, are loaded with the first one. */
export function createCacheOpener(store: Store, client: () => Promise<RegistryClient>): OpenCacheStorage {
  return async (place) => {
    const { createRegistryStorage } = await import('./registry-storage.ts');
    return createRegistryStorage(place, store, await client());
  };
}
