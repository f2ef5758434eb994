import { toErrorView } from '#renderer/client/failure.ts';
import type { ErrorView } from '#shared/contract/common.ts';

/** Something the host knows, as far as the page has it. */
export type Remote<T> =
  | { readonly status: 'idle' }
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly value: T }
  | { readonly status: 'failed'; readonly error: ErrorView };

/** Not asked for yet. */
export const IDLE = { status: 'idle' } as const satisfies Remote<never>;

const LOADING = { status: 'loading' } as const satisfies Remote<never>;

/** The value where it is ready, else `fallback` (pass a constant, so that selectors stay stable). */
export function valueOr<T, F>(remote: Remote<T>, fallback: F): T | F {
  return remote.status === 'ready' ? remote.value : fallback;
}

/** A loader of one thing: a newer call stops the older one, whose late answer is dropped. */
export interface Loader {
  /**
   * Asks and applies each state. A value that is there stays while it is asked for again, so nothing flickers;
   * pass `fresh` when another thing is asked for than before.
   */
  load<T>(
    current: Remote<T>,
    request: (signal: AbortSignal) => Promise<T>,
    apply: (remote: Remote<T>) => void,
    options?: { readonly fresh?: boolean },
  ): Promise<void>;
  /** Drops whatever is under way. */
  stop(): void;
}

/** A {@link Loader}; make one for each thing that is loaded. */
export function createLoader(): Loader {
  let latest: AbortController | undefined;
  return {
    async load(current, request, apply, { fresh = false } = {}) {
      latest?.abort();
      const mine = new AbortController();
      latest = mine;
      if (fresh || current.status !== 'ready') apply(LOADING);
      try {
        const value = await request(mine.signal);
        if (latest === mine) apply({ status: 'ready', value });
      } catch (error) {
        if (latest === mine && !mine.signal.aborted) apply({ status: 'failed', error: toErrorView(error) });
      }
    },
    stop() {
      latest?.abort();
      latest = undefined;
    },
  };
}
