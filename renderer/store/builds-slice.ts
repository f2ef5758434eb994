import type { BuildSummary } from '#shared/contract/builds.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** What the page knows of the builds that are kept, newest first. */
export interface BuildsSlice {
  readonly list: Remote<readonly BuildSummary[]>;
  load(): Promise<void>;
}

/** Makes the builds slice. */
export const createBuildsSlice: SliceCreator<BuildsSlice> = (tools) => {
  const loader = createLoader();
  return {
    list: IDLE,
    load: () =>
      loader.load<readonly BuildSummary[]>(
        tools.own().list,
        (signal) => tools.client.builds.list({}, { signal }),
        (list) => tools.set({ list }),
      ),
  };
};
