import { toErrorView } from '#renderer/client/failure.ts';
import type { BuildAdvice } from '#shared/contract/projects.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** What would make builds of the open project faster or its image smaller. */
export interface AdviceSlice {
  readonly projectId: string | null;
  readonly list: Remote<readonly BuildAdvice[]>;
  /** Asks for advice on a project, again when it is here already. */
  load(projectId: string): Promise<void>;
  /** Has smaller variants of the base measured at its registry; tells when that fails. */
  measure(): Promise<void>;
}

/** Makes the slice of advice. */
export const createAdviceSlice: SliceCreator<AdviceSlice> = (tools) => {
  const loader = createLoader();
  return {
    projectId: null,
    list: IDLE,
    measure: async () => {
      const { projectId } = tools.own();
      if (projectId === null) return;
      try {
        const list = await tools.client.projects.advice({ id: projectId, measured: true });
        if (tools.own().projectId !== projectId) return;
        // What is still being asked for would say less.
        loader.stop();
        tools.set({ list: { status: 'ready', value: list } });
      } catch (error) {
        const { message, hint } = toErrorView(error);
        tools.state().toasts.add({ tone: 'failed', title: message, detail: hint });
      }
    },
    load: (projectId) => {
      const fresh = tools.own().projectId !== projectId;
      tools.set({ projectId });
      return loader.load<readonly BuildAdvice[]>(
        tools.own().list,
        (signal) => tools.client.projects.advice({ id: projectId }, { signal }),
        (list) => tools.set({ list }),
        { fresh },
      );
    },
  };
};
