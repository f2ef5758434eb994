/** Lets other work of the process run: resolves after pending input, timers and callbacks had their turn. */
export function yieldToOthers(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Says when a slice of work has run for `sliceMs`, so that a long loop can let others run. */
export function createSlice(sliceMs = 8): { due(): boolean; pause(): Promise<void> } {
  let started = performance.now();
  return {
    due: () => performance.now() - started > sliceMs,
    pause: async () => {
      await yieldToOthers();
      started = performance.now();
    },
  };
}

/** Visits all items in slices of a few milliseconds; throws the reason of `signal` when it is aborted meanwhile. */
export async function visitInSlices<T>(
  items: Iterable<T>,
  visit: (item: T) => void,
  signal?: AbortSignal,
): Promise<void> {
  const slice = createSlice();
  let count = 0;
  for (const item of items) {
    visit(item);
    count += 1;
    if (count % 64 !== 0 || !slice.due()) continue;
    await slice.pause();
    signal?.throwIfAborted();
  }
}
