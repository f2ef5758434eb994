import type { ContainerSummary } from '#shared/contract/containers.ts';
import type { AppState, AppStore } from './app-store.ts';
import { containerKey } from './containers-slice.ts';

/** Goes on with the shown log when its container was started again. Returns the way to stop. */
export function syncContainers(store: AppStore): () => void {
  return store.subscribe((state, before) => {
    if (state.containers.list === before.containers.list) return;
    const now = shownContainer(state);
    const then = shownContainer(before);
    if (now?.state === 'running' && then !== undefined && then.state !== 'running')
      state.containerLogs.follow(now);
  });
}

function shownContainer(state: AppState): ContainerSummary | undefined {
  const { list } = state.containers;
  if (list.status !== 'ready') return undefined;
  return list.value.containers.find((container) => containerKey(container) === state.containerLogs.shown);
}
