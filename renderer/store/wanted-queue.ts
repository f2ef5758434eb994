/** Asks for things while they are in view: the newest wish first, a few at a time, and none that went out of view. */
export class WantedQueue {
  readonly #ask: (name: string, signal: AbortSignal) => Promise<void>;
  readonly #atOnce: number;
  readonly #waiting = new Set<string>();
  readonly #running = new Set<string>();
  #stop = new AbortController();

  /** `ask` must not reject; at most `atOnce` of them run side by side. */
  constructor(ask: (name: string, signal: AbortSignal) => Promise<void>, atOnce: number) {
    this.#ask = ask;
    this.#atOnce = atOnce;
  }

  /** It came into view. */
  want(name: string): void {
    if (this.#running.has(name)) return;
    this.#waiting.delete(name);
    this.#waiting.add(name);
    this.#next();
  }

  /** It went out of view: what was not begun is not asked for. */
  drop(name: string): void {
    this.#waiting.delete(name);
  }

  /** Forgets all wishes and stops what runs. */
  clear(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#waiting.clear();
    this.#running.clear();
  }

  #next(): void {
    while (this.#running.size < this.#atOnce) {
      const name = [...this.#waiting].at(-1);
      if (name === undefined) return;
      this.#waiting.delete(name);
      this.#running.add(name);
      const { signal } = this.#stop;
      void this.#ask(name, signal).then(() => {
        if (signal.aborted) return;
        this.#running.delete(name);
        this.#next();
      });
    }
  }
}
