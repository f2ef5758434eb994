import type { StorageUsage } from '#shared/contract/settings.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** What uses the disk, and the clean-up. */
export interface StorageSlice {
  readonly usage: Remote<StorageUsage>;
  /** The operation of the last clean-up that this page began. */
  readonly pruning: string | null;
  load(): Promise<void>;
  /** What a clean-up would free that takes the whole build cache, too. Rejects with the host's refusal. */
  measureWhole(): Promise<StorageUsage>;
  /** Begins a clean-up of what `usage`, or `measureWhole`, calls reclaimable; rejects with the host's refusal. */
  prune(scope?: { readonly wholeCache: boolean }): Promise<void>;
}

/** Makes the storage slice. */
export const createStorageSlice: SliceCreator<StorageSlice> = (tools) => {
  const loader = createLoader();
  return {
    usage: IDLE,
    pruning: null,
    load: () =>
      loader.load(
        tools.own().usage,
        (signal) => tools.client.storage.usage(undefined, { signal }),
        (usage) => tools.set({ usage }),
      ),
    measureWhole: () => tools.client.storage.usage({ wholeCache: true }),
    prune: async (scope) => {
      const { operationId } = await tools.client.storage.prune(scope);
      tools.set({ pruning: operationId });
      tools.state().operations.watch(operationId);
    },
  };
};
