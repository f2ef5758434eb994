/** Reads one subscription; ends when its signal aborts or the broadcast is closed. */
export type Subscription<T> = AsyncGenerator<T, void, undefined>;

/**
 * Hands values to every listener and stream. A stream that reads slowly keeps at most one value per key: the
 * newest, because each value carries the full state of what it is about.
 */
export class Broadcast<T> {
  readonly #key: (value: T) => string;
  readonly #listeners = new Set<(value: T) => void>();

  constructor(key: (value: T) => string) {
    this.#key = key;
  }

  /** Number of listeners and open streams. */
  get size(): number {
    return this.#listeners.size;
  }

  emit(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }

  /** Calls `listener` for each value from now on; the answer stops it. */
  subscribe(listener: (value: T) => void): () => void {
    const own = (value: T): void => listener(value);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** Every value from this call on (not from the first `next`), until `signal` aborts. */
  stream(signal?: AbortSignal): Subscription<T> {
    const waiting = new Map<string, T>();
    let wake: () => void = () => {};
    const unsubscribe = this.subscribe((value) => {
      const key = this.#key(value);
      waiting.delete(key);
      waiting.set(key, value);
      wake();
    });
    const onAbort = (): void => {
      unsubscribe();
      wake();
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted === true) unsubscribe();
    return drain(
      waiting,
      () =>
        new Promise<void>((resolve) => {
          wake = resolve;
        }),
      signal,
      () => {
        unsubscribe();
        signal?.removeEventListener('abort', onAbort);
      },
    );
  }
}

async function* drain<T>(
  waiting: Map<string, T>,
  more: () => Promise<void>,
  signal: AbortSignal | undefined,
  close: () => void,
): Subscription<T> {
  try {
    while (signal?.aborted !== true) {
      const first = waiting.entries().next();
      if (first.done === true) {
        await more();
        continue;
      }
      const [key, value] = first.value;
      waiting.delete(key);
      yield value;
    }
  } finally {
    close();
  }
}
