import { raceAbort } from './race.ts';

/**
 * Does work that others may be doing for the same key: one after the other, so that the second finds what the first has
 * made, and takes over where that failed. Throws what `work` does, and `cancelled` from the wait.
 */
export async function oneAtATime<K>(
  running: Map<K, Promise<void>>,
  key: K,
  options: { readonly onWait: () => void; readonly signal: AbortSignal | undefined },
  work: () => Promise<void>,
): Promise<void> {
  for (let other = running.get(key); other !== undefined; other = running.get(key)) {
    options.onWait();
    await raceAbort(
      other.catch(() => undefined),
      options.signal,
    );
  }
  const own = work();
  running.set(key, own);
  try {
    await own;
  } finally {
    running.delete(key);
  }
}
