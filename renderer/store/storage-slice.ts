import type { StorageUsage } from '#shared/contract/settings.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** What uses the disk, and the clean-up. */
export interface StorageSlice {
  readonly usage: Remote<StorageUsage>;
  /** The operation of the last clean-up that this page began. */
  readonly pruning: string | null;
  load(): Promise<void>;
  /** Begins a clean-up of what `usage` calls reclaimable; rejects with the host's refusal. */
  prune(): Promise<void>;
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
    prune: async () => {
      const { operationId } = await tools.client.storage.prune();
      tools.set({ pruning: operationId });
      tools.state().operations.watch(operationId);
    },
  };
};
