import { CircleStop, Hammer, RefreshCw, ShieldCheck, SlidersHorizontal } from 'lucide-react';
import { toErrorView } from '#renderer/client/failure.ts';
import type { AppState } from '#renderer/store/app-store.ts';
import { valueOr } from '#renderer/store/remote.ts';
import { runningBuild } from '#renderer/store/workbench-slice.ts';
import type { Command } from './command.ts';

/** Builds the open project with its remembered options. */
export const buildProject: Command = {
  id: 'build-project',
  title: 'Build this project',
  group: 'Projects',
  icon: Hammer,
  shortcuts: ['mod+enter', 'mod+b'],
  when: (state) => isProjectOpen(state) && runningBuild(state) === null,
  run: async (store) => {
    try {
      await store.getState().workbench.build();
    } catch (error) {
      store.getState().dialogs.show({
        kind: 'error',
        title: 'The build could not be started',
        error: toErrorView(error),
      });
    }
  },
};

/** Builds the open project once without the cache; the remembered options stay as they are. */
export const buildWithoutCache: Command = {
  id: 'build-without-cache',
  title: 'Build this project without the cache',
  group: 'Projects',
  icon: RefreshCw,
  keywords: 'no-cache rebuild everything',
  when: (state) => isProjectOpen(state) && runningBuild(state) === null,
  run: async (store) => {
    const { workbench, projects, dialogs } = store.getState();
    const project = valueOr(projects.list, []).find((candidate) => candidate.id === workbench.projectId);
    if (project === undefined) return;
    try {
      await workbench.build({ ...project.options, noCache: true });
    } catch (error) {
      dialogs.show({ kind: 'error', title: 'The build could not be started', error: toErrorView(error) });
    }
  },
};

/** Stops the build of the open project. */
export const cancelBuild: Command = {
  id: 'cancel-build',
  title: 'Cancel the build',
  group: 'Projects',
  icon: CircleStop,
  shortcuts: ['mod+.'],
  when: (state) => runningBuild(state) !== null,
  run: async (store) => {
    const operationId = runningBuild(store.getState());
    if (operationId !== null) await store.getState().operations.cancel(operationId);
  },
};

/** Opens the options of the open project. */
export const showBuildOptions: Command = {
  id: 'build-options',
  title: 'Build options…',
  group: 'Projects',
  icon: SlidersHorizontal,
  keywords: 'tags target platform arguments engine',
  when: isProjectOpen,
  run: (store) => {
    const { projectId } = store.getState().workbench;
    if (projectId !== null) store.getState().dialogs.show({ kind: 'build-options', projectId });
  },
};

/** Builds the open project twice and tells in what the images differ. */
export const verifyProject: Command = {
  id: 'verify-project',
  title: 'Verify this project: build twice and compare…',
  group: 'Projects',
  icon: ShieldCheck,
  keywords: 'reproducible same image twice differences',
  when: isProjectOpen,
  run: (store) => {
    const { projectId } = store.getState().workbench;
    if (projectId !== null) store.getState().dialogs.show({ kind: 'verify-build', projectId });
  },
};

function isProjectOpen(state: AppState): boolean {
  return state.workbench.projectId !== null;
}
