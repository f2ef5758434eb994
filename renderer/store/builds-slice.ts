import type { BuildSummary } from '#shared/contract/builds.ts';
import type { BuildOptions } from '#shared/contract/projects.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** What the page knows of the builds that are kept, newest first, and what the table shows of them. */
export interface BuildsSlice {
  readonly list: Remote<readonly BuildSummary[]>;
  /** Project whose builds are shown; null for all. */
  readonly project: string | null;
  /** Build ids. */
  readonly selected: ReadonlySet<string>;
  load(): Promise<void>;
  setProject(project: string | null): void;
  setSelected(selected: ReadonlySet<string>): void;
  /** Deletes records with their logs; rejects with the host's refusal. */
  remove(ids: readonly string[]): Promise<void>;
  /** Begins a build with these options and shows it; rejects with the host's refusal. */
  startAgain(projectId: string, options: BuildOptions): Promise<void>;
}

const NOTHING: ReadonlySet<string> = new Set();

/** Makes the builds slice. */
export const createBuildsSlice: SliceCreator<BuildsSlice> = (tools) => {
  const loader = createLoader();
  const load = (): Promise<void> =>
    loader.load<readonly BuildSummary[]>(
      tools.own().list,
      (signal) => tools.client.builds.list({}, { signal }),
      (list) => tools.set({ list }),
    );
  return {
    list: IDLE,
    project: null,
    selected: NOTHING,
    load,
    setProject: (project) => tools.set({ project, selected: NOTHING }),
    setSelected: (selected) => tools.set({ selected }),
    remove: async (ids) => {
      await tools.client.builds.remove({ ids: [...ids] });
      tools.state().records.forget(ids);
      tools.set({ selected: new Set([...tools.own().selected].filter((id) => !ids.includes(id))) });
      await load();
    },
    startAgain: async (projectId, options) => {
      const { buildId, operationId } = await tools.client.builds.start({ projectId, options });
      tools.state().operations.watch(operationId);
      tools.state().navigation.go({ screen: 'build', id: buildId });
    },
  };
};
