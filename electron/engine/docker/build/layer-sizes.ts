import type { PlanStep } from '../../../build/plan/build-plan.ts';
import type { HistoryLine } from '../image-history.ts';
import type { EnginePlan } from './engine-plan.ts';

/**
 * What each step of the target, and of the stages it stands on, added: read from the new image's history, newest
 * first, where each line is matched with the next step of the same instruction. Bytes of unpacked files, by step.
 */
export function sizesOfSteps(planned: EnginePlan, history: readonly HistoryLine[]): Map<number, number> {
  const chain = chainOf(planned);
  const sizes = new Map<number, number>();
  let at = chain.length - 1;
  for (const line of [...history].reverse()) {
    const keyword = /^[A-Z]+/.exec(line.createdBy)?.[0];
    const found = chain.findLastIndex((step, index) => index <= at && step.instruction.keyword === keyword);
    if (found < 0) continue;
    const step = chain[found];
    if (step !== undefined && line.layer !== null) sizes.set(step.index, line.size);
    at = found - 1;
  }
  return sizes;
}

/** The steps that made the target's image, oldest first, without the FROMs. */
function chainOf({ plan, baseStages }: EnginePlan): PlanStep[] {
  const stages: number[] = [];
  for (
    let stage: number | undefined = plan.target.index;
    stage !== undefined;
    stage = baseStages.get(stage)
  ) {
    stages.unshift(stage);
  }
  return stages.flatMap((stage) =>
    plan.steps.filter((step) => step.stage.index === stage && step.instruction.keyword !== 'FROM'),
  );
}
