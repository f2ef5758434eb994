import { toErrorView } from '#renderer/client/failure.ts';
import type { ErrorView } from '#shared/contract/common.ts';
import type { ContainerSummary } from '#shared/contract/containers.ts';
import { createLoader, IDLE, type Remote, valueOr } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** What can be done with a container. */
export type ContainerAction = 'start' | 'stop' | 'restart' | 'remove';

/** The containers of all engines that answered, and of the others why not. */
export interface ContainerList {
  readonly containers: readonly ContainerSummary[];
  readonly failures: readonly { readonly engine: string; readonly error: ErrorView }[];
}

/** What the page knows of the containers of every engine that can have some. */
export interface ContainersSlice {
  readonly list: Remote<ContainerList>;
  /** What is being done with which container ({@link containerKey}). */
  readonly busy: ReadonlyMap<string, ContainerAction>;
  /** Asks every engine that is there; one that fails does not hide the others. */
  load(): Promise<void>;
  /** Rejects with the engine's refusal. `force` removes a container that runs. */
  act(container: ContainerSummary, action: ContainerAction, force?: boolean): Promise<void>;
}

/** What tells a container from all others, over all engines. */
export function containerKey(container: Pick<ContainerSummary, 'engine' | 'id'>): string {
  return `${container.engine}/${container.id}`;
}

/** Makes the containers slice. */
export const createContainersSlice: SliceCreator<ContainersSlice> = (tools) => {
  const loader = createLoader();

  const ask = async (signal: AbortSignal): Promise<ContainerList> => {
    const engines = valueOr(tools.state().engines.list, []).filter(
      (engine) => engine.can.containers && engine.state === 'ready',
    );
    const answers = await Promise.allSettled(
      engines.map(({ id }) => tools.client.containers.list({ engine: id }, { signal })),
    );
    return {
      containers: answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : [])),
      failures: answers.flatMap((answer, index) =>
        answer.status === 'rejected'
          ? [{ engine: engines[index]?.name ?? '', error: toErrorView(answer.reason) }]
          : [],
      ),
    };
  };
  const load = (): Promise<void> => loader.load(tools.own().list, ask, (list) => tools.set({ list }));
  const setBusy = (key: string, action: ContainerAction | null): void => {
    const busy = new Map(tools.own().busy);
    if (action === null) busy.delete(key);
    else busy.set(key, action);
    tools.set({ busy });
  };

  return {
    list: IDLE,
    busy: new Map(),
    load,
    act: async (container, action, force = false) => {
      const key = containerKey(container);
      const address = { engine: container.engine, id: container.id };
      setBusy(key, action);
      try {
        if (action === 'remove') await tools.client.containers.remove({ ...address, force });
        else await tools.client.containers[action](address);
        await load();
      } finally {
        setBusy(key, null);
      }
    },
  };
};
