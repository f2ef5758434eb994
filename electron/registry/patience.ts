import { isAbsent, isTransient, whyOf } from './network-errors.ts';
import { isHopeless, type RetryPolicy, type RetryWatch, retryDelay, waitTold } from './retry.ts';
import { TryAgain } from './try-again.ts';

/** Decides for one transfer whether what failed is tried again, and waits in between. */
export class Patience {
  readonly #policy: RetryPolicy;
  readonly #watch: RetryWatch;
  #failures = 0;

  constructor(policy: RetryPolicy, watch: RetryWatch) {
    this.#policy = policy;
    this.#watch = watch;
  }

  /** The transfer got on: what fails from here on counts anew. */
  reset(): void {
    this.#failures = 0;
  }

  /** Waits until the next try. Throws the error that is to be told where trying again has no hope, and `cancelled`. */
  async afterFailure(error: unknown): Promise<void> {
    const answer = error instanceof TryAgain ? error.response : undefined;
    const told = error instanceof TryAgain ? error.failed : error;
    // A name that cannot be found is that of a server that answered a moment ago: the network is gone.
    if (answer === undefined && !isTransient(error) && !isAbsent(error)) throw told;
    const attempt = this.#failures++;
    if (attempt >= this.#policy.retries) throw told;
    if (answer !== undefined && isHopeless(attempt, this.#policy, answer)) throw told;
    const why = error instanceof TryAgain ? error.message : whyOf(error);
    await waitTold(retryDelay(attempt, this.#policy, answer), why, this.#watch);
  }
}
