import { createStore, type StoreApi } from 'zustand/vanilla';
import type { StrataClient } from '#renderer/client/client.ts';
import { type AdviceSlice, createAdviceSlice } from './advice-slice.ts';
import { type ArchiveSlice, createArchiveSlice } from './archive-slice.ts';
import { type BasesSlice, createBasesSlice } from './bases-slice.ts';
import { type BuildComparisonSlice, createBuildComparisonSlice } from './build-comparison-slice.ts';
import { type BuildsSlice, createBuildsSlice } from './builds-slice.ts';
import { type CatalogSlice, createCatalogSlice } from './catalog-slice.ts';
import { type ComparisonSlice, createComparisonSlice } from './comparison-slice.ts';
import { type ContainerLogsSlice, createContainerLogsSlice } from './container-logs-slice.ts';
import { type ContainersSlice, createContainersSlice } from './containers-slice.ts';
import { type CopyCheckSlice, createCopyCheckSlice } from './copy-check-slice.ts';
import { createDialogsSlice, type DialogsSlice } from './dialogs-slice.ts';
import { createEnginesSlice, type EnginesSlice } from './engines-slice.ts';
import { createFilesSlice, type FilesSlice } from './files-slice.ts';
import { createFoldersSlice, type FoldersSlice } from './folders-slice.ts';
import { createHostSlice, type HostSlice } from './host-slice.ts';
import { createImageSlice, type ImageSlice } from './image-slice.ts';
import { createImagesSlice, type ImagesSlice } from './images-slice.ts';
import { createJournalSlice, type JournalSlice } from './journal-slice.ts';
import { createNavigationSlice, type NavigationSlice } from './navigation-slice.ts';
import { createOperationsSlice, type OperationsSlice } from './operations-slice.ts';
import { createProjectsSlice, type ProjectsSlice } from './projects-slice.ts';
import { createPushCheckSlice, type PushCheckSlice } from './push-check-slice.ts';
import { createRecordsSlice, type RecordsSlice } from './records-slice.ts';
import { createReferrersSlice, type ReferrersSlice } from './referrers-slice.ts';
import { createRegistriesSlice, type RegistriesSlice } from './registries-slice.ts';
import { createRegistryNamesSlice, type RegistryNamesSlice } from './registry-names-slice.ts';
import { createRemoteTagsSlice, type RemoteTagsSlice } from './remote-tags-slice.ts';
import { createSettingsSlice, type SettingsSlice } from './settings-slice.ts';
import { createShareSlice, type ShareSlice } from './share-slice.ts';
import type { SliceTools } from './slice.ts';
import { createStorageSlice, type StorageSlice } from './storage-slice.ts';
import { createTagsSlice, type TagsSlice } from './tags-slice.ts';
import { createToastsSlice, type ToastsSlice } from './toasts-slice.ts';
import { createTransfersSlice, type TransfersSlice } from './transfers-slice.ts';
import { createWorkbenchSlice, type WorkbenchSlice } from './workbench-slice.ts';

/** The whole state of the page: one part per area, each with its own actions. */
export interface AppState {
  readonly host: HostSlice;
  readonly navigation: NavigationSlice;
  readonly dialogs: DialogsSlice;
  readonly toasts: ToastsSlice;
  readonly operations: OperationsSlice;
  readonly engines: EnginesSlice;
  readonly projects: ProjectsSlice;
  readonly folders: FoldersSlice;
  readonly builds: BuildsSlice;
  readonly buildComparison: BuildComparisonSlice;
  readonly records: RecordsSlice;
  readonly workbench: WorkbenchSlice;
  readonly advice: AdviceSlice;
  readonly bases: BasesSlice;
  readonly images: ImagesSlice;
  readonly image: ImageSlice;
  readonly files: FilesSlice;
  readonly archive: ArchiveSlice;
  readonly comparison: ComparisonSlice;
  readonly tags: TagsSlice;
  readonly journal: JournalSlice;
  readonly registryNames: RegistryNamesSlice;
  readonly pushCheck: PushCheckSlice;
  readonly copyCheck: CopyCheckSlice;
  readonly transfers: TransfersSlice;
  readonly containers: ContainersSlice;
  readonly containerLogs: ContainerLogsSlice;
  readonly registries: RegistriesSlice;
  readonly catalog: CatalogSlice;
  readonly remoteTags: RemoteTagsSlice;
  readonly referrers: ReferrersSlice;
  readonly storage: StorageSlice;
  readonly share: ShareSlice;
  readonly settings: SettingsSlice;
}

/** The one store of the page. */
export type AppStore = StoreApi<AppState>;

/** Makes the store over a client; tests pass a fake one and look at `getState()`. */
export function createAppStore(client: StrataClient): AppStore {
  return createStore<AppState>()((set, get) => {
    const tools = <K extends keyof AppState>(key: K): SliceTools<AppState[K]> => ({
      client,
      state: get,
      own: () => get()[key],
      set: (patch) => set((state) => ({ [key]: { ...state[key], ...patch } }) as Pick<AppState, K>),
    });
    return {
      host: createHostSlice(tools('host')),
      navigation: createNavigationSlice(tools('navigation')),
      dialogs: createDialogsSlice(tools('dialogs')),
      toasts: createToastsSlice(tools('toasts')),
      operations: createOperationsSlice(tools('operations')),
      engines: createEnginesSlice(tools('engines')),
      projects: createProjectsSlice(tools('projects')),
      folders: createFoldersSlice(tools('folders')),
      builds: createBuildsSlice(tools('builds')),
      buildComparison: createBuildComparisonSlice(tools('buildComparison')),
      records: createRecordsSlice(tools('records')),
      workbench: createWorkbenchSlice(tools('workbench')),
      advice: createAdviceSlice(tools('advice')),
      bases: createBasesSlice(tools('bases')),
      images: createImagesSlice(tools('images')),
      image: createImageSlice(tools('image')),
      files: createFilesSlice(tools('files')),
      archive: createArchiveSlice(tools('archive')),
      comparison: createComparisonSlice(tools('comparison')),
      tags: createTagsSlice(tools('tags')),
      journal: createJournalSlice(tools('journal')),
      registryNames: createRegistryNamesSlice(tools('registryNames')),
      pushCheck: createPushCheckSlice(tools('pushCheck')),
      copyCheck: createCopyCheckSlice(tools('copyCheck')),
      transfers: createTransfersSlice(tools('transfers')),
      containers: createContainersSlice(tools('containers')),
      containerLogs: createContainerLogsSlice(tools('containerLogs')),
      registries: createRegistriesSlice(tools('registries')),
      catalog: createCatalogSlice(tools('catalog')),
      referrers: createReferrersSlice(tools('referrers')),
      remoteTags: createRemoteTagsSlice(tools('remoteTags')),
      storage: createStorageSlice(tools('storage')),
      share: createShareSlice(tools('share')),
      settings: createSettingsSlice(tools('settings')),
    };
  });
}
