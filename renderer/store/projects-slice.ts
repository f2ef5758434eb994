import type { ProjectSummary } from '#shared/contract/projects.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** What the page knows of the folders that are built. */
export interface ProjectsSlice {
  readonly list: Remote<readonly ProjectSummary[]>;
  load(): Promise<void>;
}

/** Makes the projects slice. */
export const createProjectsSlice: SliceCreator<ProjectsSlice> = (tools) => {
  const loader = createLoader();
  return {
    list: IDLE,
    load: () =>
      loader.load<readonly ProjectSummary[]>(
        tools.own().list,
        (signal) => tools.client.projects.list(undefined, { signal }),
        (list) => tools.set({ list }),
      ),
  };
};
