import { AppError } from '#shared/errors/app-error.ts';

/** The error of work that its signal stopped; `reason`: what the signal says, kept where it is an error of ours. */
export function cancelled(reason?: unknown): AppError {
  return reason instanceof AppError ? reason : new AppError('cancelled', 'The work was cancelled.');
}

/**
 * `source`, ended with `cancelled` as soon as `signal` aborts, even while a chunk is awaited. The source is
 * told to stop, but not waited for.
 */
export async function* abortable<T>(
  source: AsyncIterable<T>,
  signal?: AbortSignal | undefined,
): AsyncGenerator<T, void, void> {
  if (signal === undefined) {
    yield* source;
    return;
  }
  const iterator = source[Symbol.asyncIterator]();
  // One listener for the whole stream: racing each chunk against one promise would keep all races in memory.
  let interrupt = (): void => undefined;
  const onAbort = () => interrupt();
  signal.addEventListener('abort', onAbort);
  let isOpen = true;
  try {
    for (;;) {
      if (signal.aborted) throw cancelled();
      const result = await new Promise<IteratorResult<T>>((resolve, reject) => {
        interrupt = () => reject(cancelled());
        iterator.next().then(resolve, reject);
      });
      isOpen = result.done !== true;
      if (result.done === true) return;
      yield result.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    if (isOpen) await stop(iterator, signal.aborted);
  }
}

async function stop(iterator: AsyncIterator<unknown>, isAborted: boolean): Promise<void> {
  const returned = iterator.return?.();
  if (!isAborted) await returned;
  else returned?.catch(() => undefined);
}
