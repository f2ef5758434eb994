import type { BuildStep } from '#shared/contract/builds.ts';
import type { Reason } from '#shared/contract/projects.ts';
import type { PlanStep } from '../../../build/plan/build-plan.ts';
import type { BuildEvent } from '../../engine.ts';
import type { EnginePlan } from './engine-plan.ts';

/** How a step that ran or was taken from the cache ended. */
export interface StepEnd {
  readonly hit: boolean;
  readonly ms: number;
  /** Said instead of the usual reason, where it is known. */
  readonly reasons?: readonly Reason[] | undefined;
}

/** The steps of a build on an engine: what it tells goes in, the contract's events come out. */
export interface StepTracker {
  readonly planned: EnginePlan;
  readonly steps: readonly BuildStep[];
  run(index: number): void;
  end(index: number, end: StepEnd): void;
  fail(index: number, ms: number, exitCode: number | null): void;
  log(index: number, text: string): void;
  resize(index: number, size: number): void;
  /** Ends what still runs or waits: with the state of what came before it after a success, as cancelled else. */
  close(outcome: 'done' | 'failed' | 'cancelled'): void;
}

/** Instructions that engines carry out without an operation of their own. */
const LAYER_MAKERS = new Set(['FROM', 'RUN', 'COPY', 'ADD', 'WORKDIR']);

/** Whether an engine reports this step by itself; the others follow from those before them. */
export function isReported(step: PlanStep): boolean {
  return LAYER_MAKERS.has(step.instruction.keyword);
}

/** A tracker for the steps of a plan; it tells them at once. `engine` is the name for people. */
export function createStepTracker(
  planned: EnginePlan,
  options: { engine: string; noCache: boolean; onEvent(event: BuildEvent): void },
): StepTracker {
  const { plan, baseStages } = planned;
  const steps = plan.steps.map(toBuildStep);
  const began = performance.now();
  options.onEvent({ type: 'steps', steps: [...steps] });

  const update = (index: number, change: Partial<BuildStep>) => {
    const step = steps[index];
    if (step === undefined) return;
    const startedAt = Math.max(0, Math.round(performance.now() - began - (change.ms ?? step.ms)));
    const next = { ...step, ...(change.status === undefined ? {} : { startedAt }), ...change };
    steps[index] = next;
    options.onEvent({ type: 'step', step: next });
  };

  const settle = (index: number, end: StepEnd) => {
    const reasons = end.hit ? [] : (end.reasons ?? missReasons(index));
    update(index, { status: end.hit ? 'hit' : 'miss', ms: Math.round(end.ms), reasons: [...reasons] });
  };

  /** The last step below this one that was rebuilt: in its stage, else in the stages that it stands on. A base that was fetched is as it was. */
  const rebuiltBelow = (index: number): PlanStep | undefined => {
    let stage = plan.steps[index]?.stage.index;
    while (stage !== undefined) {
      const own = plan.steps.findLast(
        (step) =>
          step.index < index &&
          step.stage.index === stage &&
          step.position > 0 &&
          steps[step.index]?.status === 'miss',
      );
      if (own !== undefined) return own;
      stage = baseStages.get(stage);
    }
    return undefined;
  };

  const missReasons = (index: number): Reason[] => {
    if (options.noCache) return [{ kind: 'cache-off', detail: 'The cache is turned off for this build.' }];
    const before = rebuiltBelow(index);
    if (before !== undefined) {
      const detail = `An earlier step is rebuilt (line ${before.line}, ${before.display}).`;
      return [{ kind: 'parent-rebuilt', detail }];
    }
    const detail = `${options.engine} does not say why; build with the built-in engine to see the reason.`;
    return [{ kind: 'engine-unknown', detail }];
  };

  const follow = (index: number) => settle(index, { hit: rebuiltBelow(index) === undefined, ms: 0 });

  /** ENV, CMD and the like are done when what stands before them is. */
  const settleFollowers = (index: number) => {
    for (const step of plan.steps.slice(index + 1)) {
      if (step.stage !== plan.steps[index]?.stage || isReported(step)) return;
      if (steps[step.index]?.status === 'waiting') follow(step.index);
    }
  };

  /** The FROM of a stage on another stage, or on scratch, is no operation: it is over when the first step begins. */
  const settleFrom = (index: number) => {
    const from = plan.steps.find((step) => step.stage === plan.steps[index]?.stage);
    if (from === undefined || from.index === index || steps[from.index]?.status !== 'waiting') return;
    const base = planned.bases.get(from.stage.index)?.toLowerCase();
    if (base !== 'scratch' && !baseStages.has(from.stage.index)) return;
    follow(from.index);
    settleFollowers(from.index);
  };

  const end = (index: number, how: StepEnd) => {
    const step = steps[index];
    if (step === undefined || step.status === 'failed') return;
    // BuildKit ends a base before it is fetched, and again after: the last word counts.
    const isSame = step.status === (how.hit ? 'hit' : 'miss') && step.ms === Math.round(how.ms);
    if (isSame) return;
    settleFrom(index);
    settle(index, how);
    settleFollowers(index);
  };

  return {
    planned,
    steps,
    run: (index) => {
      if (steps[index]?.status !== 'waiting') return;
      settleFrom(index);
      update(index, { status: 'running' });
    },
    end,
    fail: (index, ms, exitCode) => {
      if (steps[index]?.status !== 'failed')
        update(index, { status: 'failed', ms: Math.round(ms), exitCode });
    },
    log: (index, text) => options.onEvent({ type: 'log', step: index, text }),
    resize: (index, size) => {
      if (steps[index] !== undefined && steps[index].size !== size) update(index, { size });
    },
    close: (outcome) => {
      for (const step of plan.steps) {
        const status = steps[step.index]?.status;
        if (status !== 'waiting' && status !== 'running') continue;
        // An operation that equals one of another stage is reported there only.
        if (outcome === 'done') follow(step.index);
        else if (status === 'running' || outcome === 'cancelled') update(step.index, { status: 'cancelled' });
      }
    },
  };
}

function toBuildStep(step: PlanStep): BuildStep {
  return {
    index: step.index,
    stage: step.stage.label,
    line: step.line,
    endLine: step.endLine,
    instruction: step.display,
    status: 'waiting',
    ms: 0,
    size: 0,
    reasons: [],
  };
}
