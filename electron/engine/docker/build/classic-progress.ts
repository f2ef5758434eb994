import type { PlanStep } from '../../../build/plan/build-plan.ts';
import { isReported, type StepTracker } from './step-tracker.ts';

/** What one line of a classic build's text means. */
export type ClassicLine =
  /** `instruction` counts from 1: within the whole Dockerfile when `stage` is null, else within that stage (from 1). */
  | {
      readonly kind: 'step';
      readonly stage: number | null;
      readonly instruction: number;
      readonly text: string;
    }
  | { readonly kind: 'cached' }
  | { readonly kind: 'fetching' }
  /** The engine's own words about its work, nothing that a command printed. */
  | { readonly kind: 'note' }
  | { readonly kind: 'output' };

/**
 * Reads one line of the text of Docker's classic builder (`Step 5/14 : RUN …`, ` ---> Using cache`) or of Buildah
 * behind Podman's (`[1/3] STEP 4/6: RUN …`, `--> Using cache …`). `single` stands for Buildah's form without a stage.
 */
export function parseClassicLine(line: string): ClassicLine {
  const docker = /^Step (\d+)\/\d+ : (.*)$/s.exec(line);
  if (docker !== null) {
    return { kind: 'step', stage: null, instruction: Number(docker[1]), text: docker[2] ?? '' };
  }
  const buildah = /^(?:\[(\d+)\/\d+\] )?STEP (\d+)(?:\/\d+)?: (.*)$/s.exec(line);
  if (buildah !== null) {
    return {
      kind: 'step',
      stage: Number(buildah[1] ?? 0),
      instruction: Number(buildah[2]),
      text: buildah[3] ?? '',
    };
  }
  if (/^ ?-+> Using cache/.test(line)) return { kind: 'cached' };
  if (/^(Trying to pull |.*: Pulling from )/.test(line)) return { kind: 'fetching' };
  if (
    /^ ---> |^--> [0-9a-f]{10,64}$|^Removing intermediate container |^Successfully (built|tagged) |^(\[\d+\/\d+\] )?COMMIT( |$)/.test(
      line,
    )
  )
    return { kind: 'note' };
  return { kind: 'output' };
}

/** Follows the text of a classic build and tells the tracker. */
export interface ClassicProgress {
  accept(text: string): void;
  /** The step that was at work when the text ended. */
  current(): PlanStep | null;
  /** Ends the step at work: as done, or as failed with the exit code in the engine's words. */
  finish(error: string | null): void;
}

/** `now` gives milliseconds from any beginning. */
export function createClassicProgress(
  tracker: StepTracker,
  now: () => number = () => performance.now(),
): ClassicProgress {
  let step: PlanStep | null = null;
  let startedAt = 0;
  let isCached = false;
  let isFetched = false;
  let pending = '';

  const endStep = () => {
    if (step === null) return;
    if (isReported(step)) {
      const isHit = step.instruction.keyword === 'FROM' ? !isFetched : isCached;
      const fetched = [{ kind: 'base-fetched', detail: 'The base image was fetched from its registry.' }];
      const reasons = step.instruction.keyword === 'FROM' ? fetched : undefined;
      tracker.end(step.index, { hit: isHit, ms: isHit ? 0 : now() - startedAt, reasons });
    }
    step = null;
  };

  const beginStep = (next: PlanStep | null) => {
    endStep();
    step = next;
    startedAt = now();
    isCached = false;
    isFetched = false;
    if (next !== null && isReported(next)) tracker.run(next.index);
  };

  const acceptLine = (line: string) => {
    const meaning = parseClassicLine(line.replace(/\r?\n$/, ''));
    if (meaning.kind === 'step') beginStep(findStep(tracker, meaning.stage, meaning.instruction));
    else if (meaning.kind === 'cached') isCached = true;
    else if (meaning.kind === 'fetching') isFetched = true;
    else if (meaning.kind === 'output' && step !== null && line.trim() !== '') tracker.log(step.index, line);
  };

  return {
    accept(text) {
      // Docker sends "Step 1/2 : FROM x" and its line end apart, so only whole lines are judged.
      const lines = (pending + text).split(/(?<=\n)/);
      pending = lines.at(-1)?.endsWith('\n') === false ? (lines.pop() ?? '') : '';
      for (const line of lines) acceptLine(line);
    },
    current: () => step,
    finish(error) {
      if (pending !== '') acceptLine(pending);
      pending = '';
      if (error !== null && step !== null)
        tracker.fail(step.index, now() - startedAt, classicExitCode(error));
      else if (error === null) endStep();
    },
  };
}

/** The exit code in the words of the classic builder and of Buildah. */
export function classicExitCode(error: string): number | null {
  const match = /returned a non-zero code: (\d+)|exit status (\d+)/.exec(error);
  const code = match?.[1] ?? match?.[2];
  return code === undefined ? null : Number(code);
}

function findStep(tracker: StepTracker, stage: number | null, instruction: number): PlanStep | null {
  const { plan } = tracker.planned;
  if (stage === null) {
    const wanted = plan.dockerfile.instructions[instruction - 1];
    return plan.steps.find((step) => step.instruction === wanted) ?? null;
  }
  const index = stage === 0 ? plan.target.index : stage - 1;
  return plan.steps.find((step) => step.stage.index === index && step.position === instruction - 1) ?? null;
}
