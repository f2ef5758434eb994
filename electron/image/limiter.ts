import { setMaxListeners } from 'node:events';
import { cancelled } from './abortable.ts';

/** Lets a number of pieces of work run at once; the others wait in the order they came. */
export interface Limiter {
  /** Runs `work` when its turn comes; throws `cancelled` when the signal aborts before that. */
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** A limiter for `size` pieces of work at once. */
export function createLimiter(size: number): Limiter {
  let running = 0;
  const queue: (() => void)[] = [];
  const release = (): void => {
    running--;
    queue.shift()?.();
  };
  const acquire = (signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(cancelled(signal.reason));
      const start = (): void => {
        signal?.removeEventListener('abort', leave);
        running++;
        resolve();
      };
      const leave = (): void => {
        queue.splice(queue.indexOf(start), 1);
        reject(cancelled(signal?.reason));
      };
      if (running < size) return start();
      signal?.addEventListener('abort', leave, { once: true });
      queue.push(start);
    });
  return {
    run: async (work, signal) => {
      await acquire(signal);
      try {
        return await work();
      } finally {
        release();
      }
    },
  };
}

/**
 * Runs `work` for every item, at most `size` at once. The first failure aborts the signal that the others were
 * given, waits for them to end and is thrown.
 */
export async function forEachParallel<T>(
  items: readonly T[],
  size: number,
  signal: AbortSignal | undefined,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const either = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  // Every request below listens to it, and that many are meant.
  setMaxListeners(0, either);
  const limiter = createLimiter(size);
  let first: { readonly error: unknown } | undefined;
  const fail = (error: unknown): void => {
    first ??= { error };
    stop.abort();
  };
  // Caught within the turn, so that the next one in the queue finds the signal aborted already.
  const runOne = (item: T): Promise<void> =>
    limiter.run(() => work(item, either).catch(fail), either).catch(fail);
  await Promise.all(items.map(runOne));
  if (first !== undefined) throw first.error;
}
