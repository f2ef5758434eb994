/** Lets work run side by side, and hands on what comes of it in the order in which it was begun. */
export class InOrder<T> {
  readonly #underWay: Promise<T>[] = [];
  readonly #width: number;
  readonly #onNext: (value: T) => Promise<void>;

  /** `width` is how much is under way at most; `onNext` gets one value after the other. */
  constructor(width: number, onNext: (value: T) => Promise<void>) {
    this.#width = width;
    this.#onNext = onNext;
  }

  /** Takes the next work; waits while enough is under way. Throws what earlier work or `onNext` threw. */
  async add(work: Promise<T>): Promise<void> {
    // A failure is met when its turn comes; until then it must not count as unhandled.
    work.catch(() => undefined);
    this.#underWay.push(work);
    if (this.#underWay.length >= this.#width) await this.#next();
  }

  /** Waits for all that is under way. Throws as `add`. */
  async finish(): Promise<void> {
    while (this.#underWay.length > 0) await this.#next();
  }

  async #next(): Promise<void> {
    const work = this.#underWay.shift();
    if (work !== undefined) await this.#onNext(await work);
  }
}
