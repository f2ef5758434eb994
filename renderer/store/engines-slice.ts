import { toErrorView } from '#renderer/client/failure.ts';
import type { EngineStatus } from '#shared/contract/engines.ts';
import { createLoader, IDLE, type Remote, valueOr } from './remote.ts';
import type { Route } from './route.ts';
import type { SliceCreator } from './slice.ts';

/** The engines of this machine and the one that the screens show. */
export interface EnginesSlice {
  readonly list: Remote<readonly EngineStatus[]>;
  readonly selected: string;
  load(): Promise<void>;
  /** Shows the engine of the settings, unless an image of another one is shown; nothing is asked for yet. */
  adopt(id: string): void;
  /** Shows the engine of the image that a route leads to, so that its neighbours are those of the same engine. */
  follow(route: Route): void;
  /** Shows another engine, asks for its images, and remembers the choice in the settings. */
  select(id: string): void;
}

const NO_ENGINES: readonly EngineStatus[] = [];

/** The engine with this id, undefined while it is not known. */
export function engineById(slice: EnginesSlice, id: string): EngineStatus | undefined {
  return valueOr(slice.list, NO_ENGINES).find((engine) => engine.id === id);
}

/** The engine of this machine whose image a route shows; undefined for all else. */
function engineOfRoute(route: Route, slice: EnginesSlice): string | undefined {
  const id = route.screen === 'image' || route.screen === 'compare' ? route.engine : undefined;
  return id === undefined ? undefined : engineById(slice, id)?.id;
}

/** Makes the engines slice. */
export const createEnginesSlice: SliceCreator<EnginesSlice> = (tools) => {
  const loader = createLoader();
  return {
    list: IDLE,
    selected: 'builtin',
    load: () =>
      loader.load<readonly EngineStatus[]>(
        tools.own().list,
        (signal) => tools.client.engines.list(undefined, { signal }),
        (list) => tools.set({ list }),
      ),
    adopt: (preferred) => {
      const { route } = tools.state().navigation;
      tools.set({ selected: engineOfRoute(route, tools.own()) ?? preferred });
    },
    follow: (route) => {
      const engine = engineOfRoute(route, tools.own());
      if (engine === undefined || engine === tools.own().selected) return;
      tools.set({ selected: engine });
      void tools.state().images.load();
    },
    select: (selected) => {
      if (selected === tools.own().selected) return;
      tools.set({ selected });
      const { images, settings, toasts } = tools.state();
      void images.load();
      settings.update({ engine: selected }).catch((error: unknown) => {
        toasts.add({
          tone: 'failed',
          title: 'The choice of engine was not saved',
          detail: toErrorView(error).message,
        });
      });
    },
  };
};
