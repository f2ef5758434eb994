import type { RegistryAccount } from '#shared/contract/registries.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** What the page knows of the registry accounts. */
export interface RegistriesSlice {
  readonly list: Remote<readonly RegistryAccount[]>;
  load(): Promise<void>;
}

/** Makes the registries slice. */
export const createRegistriesSlice: SliceCreator<RegistriesSlice> = (tools) => {
  const loader = createLoader();
  return {
    list: IDLE,
    load: () =>
      loader.load<readonly RegistryAccount[]>(
        tools.own().list,
        (signal) => tools.client.registries.list(undefined, { signal }),
        (list) => tools.set({ list }),
      ),
  };
};
