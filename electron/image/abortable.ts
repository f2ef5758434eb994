import { AppError } from '#shared/errors/app-error.ts';

/** The error of work that its signal stopped. */
export function cancelled(): AppError {
  return new AppError('cancelled', 'The work was cancelled.');
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
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(cancelled());
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
  });
  // Whoever races against it sees the rejection; without a race it must not count as unhandled.
  aborted.catch(() => undefined);
  let finished = false;
  try {
    for (;;) {
      const next = iterator.next();
      next.catch(() => undefined);
      const result = await Promise.race([next, aborted]);
      if (result.done === true) {
        finished = true;
        return;
      }
      yield result.value;
    }
  } finally {
    signal.removeEventListener('abort', abort);
    if (!finished) stop(iterator, signal.aborted);
  }
}

function stop(iterator: AsyncIterator<unknown>, isAborted: boolean): void {
  const returned = iterator.return?.();
  if (isAborted) returned?.catch(() => undefined);
}
