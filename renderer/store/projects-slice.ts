import type { BuildOptions, BuiltFolder, ProjectSource, ProjectSummary } from '#shared/contract/projects.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** What the page knows of the folders that are built. */
export interface ProjectsSlice {
  readonly list: Remote<readonly ProjectSummary[]>;
  /** Folders that the command line built and that are no projects yet. */
  readonly built: Remote<readonly BuiltFolder[]>;
  load(): Promise<void>;
  /** Asks for {@link built} alone: a build began or ended elsewhere. */
  loadBuilt(): Promise<void>;
  /** Adds a folder and shows it; rejects with the host's refusal. */
  add(path: string): Promise<void>;
  /** Adds the folder of a build of {@link built}, with its options, and shows it; rejects with the host's refusal. */
  addBuilt(build: string): Promise<void>;
  /** Writes the sample project into a new folder and shows it; rejects with the host's refusal. */
  createSample(path: string): Promise<void>;
  /** Remembers build options for a project; rejects with the host's refusal. */
  setOptions(id: string, options: BuildOptions): Promise<void>;
  /** Reads another Dockerfile of a project, to fill its options; rejects with the host's refusal. */
  readSource(id: string, dockerfile: string): Promise<ProjectSource>;
  /** Forgets a project; its folder is not touched. Rejects with the host's refusal. */
  remove(id: string): Promise<void>;
}

/** Makes the projects slice. */
export const createProjectsSlice: SliceCreator<ProjectsSlice> = (tools) => {
  const loader = createLoader();
  const builtLoader = createLoader();
  const loadBuilt = (): Promise<void> =>
    builtLoader.load<readonly BuiltFolder[]>(
      tools.own().built,
      (signal) => tools.client.projects.built(undefined, { signal }),
      (built) => tools.set({ built }),
    );
  const loadList = (): Promise<void> =>
    loader.load<readonly ProjectSummary[]>(
      tools.own().list,
      (signal) => tools.client.projects.list(undefined, { signal }),
      (list) => tools.set({ list }),
    );
  const load = async (): Promise<void> => {
    await Promise.all([loadList(), loadBuilt()]);
  };
  const show = async (project: ProjectSummary): Promise<void> => {
    await load();
    tools.state().navigation.go({ screen: 'project', id: project.id });
  };
  return {
    list: IDLE,
    built: IDLE,
    load,
    loadBuilt,
    add: async (path) => show(await tools.client.projects.add({ path })),
    addBuilt: async (build) => show(await tools.client.projects.addBuilt({ build })),
    createSample: async (path) => show(await tools.client.projects.createSample({ path })),
    setOptions: async (id, options) => {
      await tools.client.projects.setOptions({ id, options });
      await load();
    },
    readSource: (id, dockerfile) => tools.client.projects.source({ id, dockerfile }),
    remove: async (id) => {
      await tools.client.projects.remove({ id });
      await load();
    },
  };
};
