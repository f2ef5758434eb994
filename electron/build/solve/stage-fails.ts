import type { Reason } from '#shared/contract/projects.ts';

/** In a prediction: a step will fail, so that nothing after it in its stage, or that needs its stage, is reached. */
export class StageFails extends Error {
  /** The failing step, in words. */
  readonly at: string;

  constructor(at: string) {
    super(`${at} will fail.`);
    this.at = at;
  }
}

/** Why a step behind a failing one cannot be foreseen. */
export function notReached({ at }: StageFails): Reason {
  return { kind: 'not-reached', detail: `Not known, because ${at} will fail before it.` };
}
