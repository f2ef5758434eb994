import { AsyncIteratorClass } from '@orpc/client';

/** A stream with any number of listeners. */
export interface Channel<T> {
  send(value: T): void;
  end(): void;
  /** Everything sent from now on, until the end or an abort. */
  listen(signal?: AbortSignal): AsyncIteratorClass<T, void, void>;
}

/** A {@link Channel}. */
export function createChannel<T>(): Channel<T> {
  const listeners = new Set<{ queue: T[]; wake: () => void }>();
  let isOver = false;
  const wakeAll = (): void => {
    for (const listener of listeners) listener.wake();
  };
  return {
    send(value) {
      for (const listener of listeners) listener.queue.push(value);
      wakeAll();
    },
    end() {
      isOver = true;
      wakeAll();
    },
    listen(signal) {
      const listener = { queue: [] as T[], wake: (): void => undefined };
      listeners.add(listener);
      signal?.addEventListener('abort', () => listener.wake());
      const isDone = (): boolean => isOver || signal?.aborted === true;
      return toStream(drain(listener, isDone, () => listeners.delete(listener)));
    },
  };
}

/** A generator in the shape in which a client hands out streams. */
export function toStream<T>(generator: AsyncGenerator<T, void>): AsyncIteratorClass<T, void, void> {
  return new AsyncIteratorClass(
    () => generator.next(),
    async () => void (await generator.return()),
  );
}

async function* drain<T>(
  listener: { queue: T[]; wake: () => void },
  isOver: () => boolean,
  leave: () => void,
): AsyncGenerator<T, void> {
  try {
    for (;;) {
      const value = listener.queue.shift();
      if (value !== undefined) yield value;
      else if (isOver()) return;
      else await new Promise<void>((resolve) => (listener.wake = resolve));
    }
  } finally {
    leave();
  }
}
