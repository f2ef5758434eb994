import { isAbort, toErrorView } from '#renderer/client/failure.ts';
import type { ErrorView } from '#shared/contract/common.ts';
import type { ContainerSummary } from '#shared/contract/containers.ts';
import { containerKey } from './containers-slice.ts';
import type { SliceCreator } from './slice.ts';

/** The log of the one container that is looked at. */
export interface ContainerLogsSlice {
  /** Whose log it is ({@link containerKey}); null while none is looked at. */
  readonly shown: string | null;
  readonly text: string;
  /** Rises when the beginning of `text` was let go, so that it is no longer what it was with more at its end. */
  readonly generation: number;
  readonly state: 'following' | 'ended' | 'failed';
  readonly error: ErrorView | null;
  /** Shows the end of a container's log and follows it. */
  follow(container: ContainerSummary): void;
  stop(): void;
}

/** Lines that are asked for from before. */
const TAIL = 2000;
/** Time in which pieces are gathered before the page is drawn again, in milliseconds. */
const GATHER = 60;
/** Most text that is kept, in UTF-16 units; beyond it the older half is let go. */
const MOST = 4_000_000;

const NOTHING = { shown: null, text: '', generation: 0, state: 'ended', error: null } as const;

/** Makes the container logs slice. */
export const createContainerLogsSlice: SliceCreator<ContainerLogsSlice> = (tools) => {
  let following: AbortController | undefined;
  let waiting = '';
  let timer: ReturnType<typeof setTimeout> | undefined;

  const drain = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const { text, generation } = tools.own();
    const grown = text + waiting;
    waiting = '';
    if (grown.length <= MOST) {
      tools.set({ text: grown });
      return;
    }
    const line = grown.indexOf('\n', grown.length - MOST / 2);
    tools.set({ text: grown.slice(line + 1), generation: generation + 1 });
  };

  const read = async (container: ContainerSummary, signal: AbortSignal): Promise<void> => {
    const { engine, id } = container;
    try {
      const stream = await tools.client.containers.logs({ engine, id, tail: TAIL }, { signal });
      for await (const piece of stream) {
        if (signal.aborted) return;
        waiting += piece.text;
        timer ??= setTimeout(drain, GATHER);
      }
      if (signal.aborted) return;
      drain();
      tools.set({ state: 'ended' });
    } catch (error) {
      if (signal.aborted) return;
      drain();
      tools.set(isAbort(error) ? { state: 'ended' } : { state: 'failed', error: toErrorView(error) });
    }
  };

  const stop = (): void => {
    following?.abort();
    clearTimeout(timer);
    timer = undefined;
    waiting = '';
  };

  return {
    ...NOTHING,
    follow: (container) => {
      stop();
      following = new AbortController();
      const generation = tools.own().generation + 1;
      tools.set({ ...NOTHING, shown: containerKey(container), state: 'following', generation });
      void read(container, following.signal);
    },
    stop: () => {
      stop();
      tools.set(NOTHING);
    },
  };
};
