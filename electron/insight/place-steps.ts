import type { BuildStep } from '#shared/contract/builds.ts';

/** A step with its beginning, in ms since the build began. */
export interface PlacedStep {
  readonly step: BuildStep;
  readonly startedAt: number;
}

/** Steps of one stage with their beginnings; where a record has none, one follows the other. Those not begun are left out. */
export function placeSteps(steps: readonly BuildStep[]): PlacedStep[] {
  let end = 0;
  return steps
    .filter(({ status }) => status !== 'waiting')
    .map((step) => {
      const startedAt = step.startedAt ?? end;
      end = startedAt + step.ms;
      return { step, startedAt };
    });
}
