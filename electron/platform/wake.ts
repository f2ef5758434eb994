/** Ends waits early: what waits for a time that was set listens, and somebody who is there wakes all at once. */
export interface Wake {
  /** Calls `listener` at each wake until the answer is called. */
  onWake(listener: () => void): () => void;
}

/** A {@link Wake} together with what triggers it. */
export interface Waker extends Wake {
  wake(): void;
}

/** A waker that nobody waits for yet. */
export function createWaker(): Waker {
  const listeners = new Set<() => void>();
  return {
    onWake: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    wake: () => {
      for (const listener of [...listeners]) listener();
    },
  };
}
