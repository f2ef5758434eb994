import type { Instruction } from '../../../build/dockerfile/ast.ts';
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
  /** All steps of the stage are done; what follows is about the image. */
  | { readonly kind: 'commit' }
  | { readonly kind: 'output' };

const NOTE =
  /^ ---> |^--> [0-9a-f]{10,64}$|^Removing intermediate container |^Successfully (built|tagged) |^# Executing \d+ build trigger/;

/**
 * Reads one line of the text of Docker's classic builder (`Step 5/14 : RUN …`, ` ---> Using cache`) or of Buildah
 * behind Podman's (`[1/3] STEP 4/6: RUN …`, `--> Using cache …`). Stage 0 is Buildah's form
 * for a Dockerfile of one stage.
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
  if (/^(\[\d+\/\d+\] )?COMMIT( |$)/.test(line)) return { kind: 'commit' };
  return { kind: NOTE.test(line) ? 'note' : 'output' };
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
  let lineEndIsDue = false;
  let isCommitting = false;

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

  /** A command may print what looks like a step: only the step that is due next, with its keyword, is one. */
  const dueStep = (line: Extract<ClassicLine, { kind: 'step' }>): { step: PlanStep | null } | null => {
    const due = findInstruction(tracker, line.stage, line.instruction);
    const keyword = /^\S+/.exec(line.text)?.[0].toUpperCase();
    return due?.keyword === keyword ? { step: due === null ? null : stepOf(tracker, due) } : null;
  };

  const acceptLine = (line: string) => {
    const meaning = parseClassicLine(line.replace(/\r?\n$/, ''));
    if (meaning.kind === 'step') {
      const due = dueStep(meaning);
      if (due !== null) {
        isCommitting = false;
        lineEndIsDue = !line.endsWith('\n');
        beginStep(due.step);
        return;
      }
    }
    if (meaning.kind === 'cached') isCached = true;
    else if (meaning.kind === 'fetching') isFetched = true;
    else if (meaning.kind === 'commit') isCommitting = true;
    else if (meaning.kind !== 'note' && step !== null && !isCommitting) tracker.log(step.index, line);
  };

  return {
    accept(text) {
      // Docker sends "Step 1/2 : FROM x" and the end of that line apart.
      const rest = lineEndIsDue ? text.replace(/^\r?\n/, '') : text;
      lineEndIsDue = false;
      for (const line of rest.split(/(?<=\n)/)) if (line !== '') acceptLine(line);
    },
    current: () => step,
    finish(error) {
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

function findInstruction(tracker: StepTracker, stage: number | null, count: number): Instruction | null {
  const { plan } = tracker.planned;
  if (stage === null) return plan.dockerfile.instructions[count - 1] ?? null;
  const wanted = plan.dockerfile.stages[stage === 0 ? plan.target.index : stage - 1];
  if (wanted === undefined) return null;
  return count === 1 ? wanted.from : (wanted.instructions[count - 2] ?? null);
}

/** Null for an instruction of a stage that the target does not need: the classic builder carries it out too. */
function stepOf(tracker: StepTracker, instruction: Instruction): PlanStep | null {
  return tracker.planned.plan.steps.find((step) => step.instruction === instruction) ?? null;
}
