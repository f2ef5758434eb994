import { isFailed } from './failure.ts';

/** How a stream is followed. */
export interface FollowOptions<T> {
  readonly signal: AbortSignal;
  onValue(value: T): void;
  /** Called before each subscription; `again` is true for all but the first, when values may have been missed. */
  onStart?(again: boolean): void;
  /** Whether the end of the stream is the end of the matter; without it a stream is followed for ever. */
  isOver?(): boolean;
  /** Waits before a stream that broke is asked for again; given by tests. */
  wait?(): Promise<void>;
}

/**
 * Follows a stream of the host across lost connections: it subscribes again until aborted. Resolves at the end;
 * rejects only with the typed error of a host that refuses.
 */
export async function follow<T>(
  subscribe: (signal: AbortSignal) => Promise<AsyncIterable<T>>,
  options: FollowOptions<T>,
): Promise<void> {
  const { signal } = options;
  const wait = options.wait ?? pause;
  for (let again = false; !signal.aborted; again = true) {
    try {
      options.onStart?.(again);
      for await (const value of await subscribe(signal)) {
        if (signal.aborted) return;
        options.onValue(value);
      }
    } catch (error) {
      if (signal.aborted) return;
      // Anything but a refusal is a lost connection: ask again.
      if (isFailed(error)) throw error;
    }
    if (options.isOver?.() === true) return;
    await wait();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 300));
}
