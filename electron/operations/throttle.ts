/**
 * Lets through the first call of a key at once and the newest later one after `intervalMs`, so that progress
 * is told at a bounded rate and its last value is never lost.
 */
export class Throttle {
  readonly #intervalMs: number;
  readonly #timers = new Map<string, { timer: NodeJS.Timeout; next: (() => void) | null }>();

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  call(key: string, action: () => void): void {
    const running = this.#timers.get(key);
    if (running !== undefined) {
      running.next = action;
      return;
    }
    action();
    this.#arm(key);
  }

  /** Runs `action` now, forgets what waited under its key, and lets the next call wait. */
  now(key: string, action: () => void): void {
    clearTimeout(this.#timers.get(key)?.timer);
    action();
    this.#arm(key);
  }

  /** Runs everything that waits. */
  flush(): void {
    const running = [...this.#timers.values()];
    this.#timers.clear();
    for (const { timer, next } of running) {
      clearTimeout(timer);
      next?.();
    }
  }

  #arm(key: string): void {
    const timer = setTimeout(() => {
      const next = this.#timers.get(key)?.next ?? null;
      this.#timers.delete(key);
      if (next === null) return;
      next();
      this.#arm(key);
    }, this.#intervalMs);
    timer.unref();
    this.#timers.set(key, { timer, next: null });
  }
}
