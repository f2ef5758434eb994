import type { ContainerSummary } from '#shared/contract/containers.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** What the page knows of the containers of one engine. */
export interface ContainersSlice {
  /** Whose containers `list` holds. */
  readonly engine: string;
  readonly list: Remote<readonly ContainerSummary[]>;
  load(): Promise<void>;
}

/** Makes the containers slice. */
export const createContainersSlice: SliceCreator<ContainersSlice> = (tools) => {
  const loader = createLoader();
  return {
    engine: '',
    list: IDLE,
    load: () => {
      const engine = tools.state().engines.selected;
      const fresh = engine !== tools.own().engine;
      return loader.load<readonly ContainerSummary[]>(
        tools.own().list,
        (signal) => tools.client.containers.list({ engine }, { signal }),
        (list) => tools.set({ list, engine }),
        { fresh },
      );
    },
  };
};
