import { whyNotRunnable } from '../../sandbox/foreign-programs.ts';
import type { PlanStep } from '../plan/build-plan.ts';
import { type PlatformPlan, stagePlatform } from '../plan/platform-plans.ts';

/** A RUN that this machine cannot carry out, and why, in words. */
export interface ForeignRun {
  readonly step: PlanStep;
  readonly reason: string;
}

/** The planned RUN steps for platforms whose programs this machine cannot execute, in the order of the plans. */
export async function foreignRuns(plans: readonly PlatformPlan[]): Promise<ForeignRun[]> {
  const found: ForeignRun[] = [];
  for (const planned of plans) {
    for (const step of planned.plan.steps) {
      if (step.instruction.keyword !== 'RUN') continue;
      const reason = await whyNotRunnable(stagePlatform(planned, step.stage));
      if (reason !== null) found.push({ step, reason });
    }
  }
  return found;
}
