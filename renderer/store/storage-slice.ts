import type { StorageUsage } from '#shared/contract/settings.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** What uses the disk. */
export interface StorageSlice {
  readonly usage: Remote<StorageUsage>;
  load(): Promise<void>;
}

/** Makes the storage slice. */
export const createStorageSlice: SliceCreator<StorageSlice> = (tools) => {
  const loader = createLoader();
  return {
    usage: IDLE,
    load: () =>
      loader.load(
        tools.own().usage,
        (signal) => tools.client.storage.usage(undefined, { signal }),
        (usage) => tools.set({ usage }),
      ),
  };
};
