import { setImmediate } from 'node:timers/promises';
import { AppError } from '#shared/errors/app-error.ts';

/** Milliseconds of work before others get their turn. */
const TURN = 8;
/** The clock is read once in so many steps. */
const STEPS = 256;

/** Cuts long computations into short turns, so that 100,000 entries never hold up the process. */
export class Turns {
  private steps = 0;
  private ends = performance.now() + TURN;

  constructor(private readonly signal?: AbortSignal | undefined) {}

  /** Counts a step; whether {@link rest} is due. */
  isOver(): boolean {
    this.steps += 1;
    return this.steps % STEPS === 0 && performance.now() >= this.ends;
  }

  /** Lets others work. Throws `cancelled` when the signal aborted. */
  async rest(): Promise<void> {
    await setImmediate();
    if (this.signal?.aborted === true) throw new AppError('cancelled', 'The work was cancelled.');
    this.ends = performance.now() + TURN;
  }
}
