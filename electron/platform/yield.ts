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
