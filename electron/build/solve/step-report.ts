import type { BuildStep } from '#shared/contract/builds.ts';
import type { PlannedStep, Reason } from '#shared/contract/projects.ts';
import type { PastStep } from '../cache/history.ts';
import type { StepRecord } from '../cache/step-cache.ts';
import type { PlanStep } from '../plan/build-plan.ts';
import { uncountedInputs } from '../plan/uncounted-inputs.ts';

/** How a step came out, or is foreseen to. */
export interface StepOutcome {
  readonly status: BuildStep['status'];
  readonly ms: number;
  readonly size: number;
  readonly reasons: readonly Reason[];
  readonly exitCode?: number | null | undefined;
  /** Why it is foreseen to fail. */
  readonly error?: PlannedStep['error'];
  /** What a hit saved, ms: how long the step took when it was built. */
  readonly savedMs?: number | undefined;
  /** Digest of the step's layer. */
  readonly layer?: string | undefined;
}

/** Whether a cache that could not be asked may hold the step after all. */
function isOpen(reasons: readonly Reason[]): boolean {
  return reasons.some(({ kind }) => kind === 'shared-cache-unknown');
}

/** `startedAt` is in ms since the build began. */
type TimedOutcome = StepOutcome & { readonly startedAt?: number | undefined };

const WAITING: StepOutcome = { status: 'waiting', ms: 0, size: 0, reasons: [] };

/** The steps of a build while it runs: tells each change, and remembers what later builds compare with. */
export class StepReport {
  readonly #steps: PlanStep[];
  readonly #outcomes = new Map<number, TimedOutcome>();
  readonly #began = performance.now();
  readonly #waited = new Map<number, number>();
  readonly #past = new Map<number, PastStep>();
  readonly #records = new Map<number, StepRecord>();
  readonly #onStep: (step: BuildStep) => void;

  constructor(steps: readonly PlanStep[], onStep: (step: BuildStep) => void) {
    this.#steps = [...steps];
    this.#onStep = onStep;
  }

  /** Adds steps that a base image's triggers bring. */
  add(steps: readonly PlanStep[]): void {
    this.#steps.push(...steps);
    for (const step of steps) this.#onStep(this.#view(step));
  }

  /** The index that the next added step gets. */
  get nextIndex(): number {
    return this.#steps.length;
  }

  /** Shows a step as waiting while it waits for another stage, and as it was afterwards. */
  async whileWaiting<T>(step: PlanStep, wait: () => Promise<T>): Promise<T> {
    const before = this.#outcomes.get(step.index);
    if (before?.status !== 'running') return wait();
    this.#show(step, { ...before, status: 'waiting' });
    const result = await wait();
    this.#show(step, before);
    return result;
  }

  #show(step: PlanStep, outcome: TimedOutcome): void {
    this.#outcomes.set(step.index, outcome);
    this.#onStep(this.#view(step));
  }

  /** Takes the time a step waited for another stage out of its own. */
  addWait(step: PlanStep, ms: number): void {
    this.#waited.set(step.index, (this.#waited.get(step.index) ?? 0) + ms);
  }

  set(step: PlanStep, outcome: StepOutcome): void {
    const ms = Math.max(0, outcome.ms - (this.#waited.get(step.index) ?? 0));
    const startedAt = Math.max(0, Math.round(performance.now() - this.#began - ms));
    this.#show(step, { ...outcome, ms, startedAt });
  }

  remember(step: PlanStep, past: PastStep): void {
    this.#past.set(step.index, past);
  }

  /** Keeps the result of a step that is done. */
  keep(step: PlanStep, record: StepRecord): void {
    this.#records.set(step.index, record);
  }

  /** The steps that are done, with their results, in order. */
  solved(): { readonly past: PastStep; readonly record: StepRecord }[] {
    return this.#steps.flatMap(({ index }) => {
      const past = this.#past.get(index);
      const record = this.#records.get(index);
      return past === undefined || record === undefined ? [] : [{ past, record }];
    });
  }

  /** All steps as the contract shows them, in order. */
  views(): BuildStep[] {
    return this.#steps.map((step) => this.#view(step));
  }

  /** As a prediction: what is not foreseen as a hit is a miss. */
  planned(): PlannedStep[] {
    return this.views().map(
      ({ index, stage, platform, line, endLine, instruction, uncounted, status, reasons }) => ({
        stage,
        ...(platform === undefined ? {} : { platform }),
        line,
        endLine,
        instruction,
        ...(uncounted === undefined ? {} : { uncounted }),
        predicted: predictionOf(status, reasons),
        reasons,
        ...this.#errorOf(index),
      }),
    );
  }

  #errorOf(index: number): Pick<PlannedStep, 'error'> {
    const error = this.#outcomes.get(index)?.error;
    return error === undefined ? {} : { error };
  }

  /** Says why a step that has not been looked at will not be. */
  skip(step: PlanStep, reason: Reason): void {
    if (!this.#outcomes.has(step.index)) this.#show(step, { ...WAITING, reasons: [reason] });
  }

  /** What the next build compares with: this build's steps, and for those that were not done the ones of `earlier`. */
  history(earlier: readonly PastStep[]): PastStep[] {
    return this.#steps.flatMap((step) => {
      const status = this.#outcomes.get(step.index)?.status;
      const past = this.#past.get(step.index);
      // What failed or was cancelled left no result that could have been taken again.
      if (past !== undefined && (status === 'hit' || status === 'miss')) return [past];
      const before = earlier.find(
        (old) =>
          old.stage === step.stage.label &&
          old.position === step.position &&
          (old.platform ?? null) === step.stage.platform,
      );
      return before === undefined ? [] : [before];
    });
  }

  #view(step: PlanStep): BuildStep {
    const outcome: TimedOutcome = this.#outcomes.get(step.index) ?? WAITING;
    const uncounted = uncountedInputs(step.instruction);
    const { status, ms, size, reasons, exitCode, savedMs, startedAt, layer } = outcome;
    return {
      index: step.index,
      stage: step.stage.label,
      ...(step.stage.platform === null ? {} : { platform: step.stage.platform }),
      line: step.line,
      endLine: step.endLine,
      instruction: step.display,
      status,
      ms: Math.round(ms),
      size,
      reasons: [...reasons],
      ...(uncounted.length === 0 ? {} : { uncounted }),
      ...(savedMs === undefined ? {} : { savedMs }),
      ...(exitCode === undefined ? {} : { exitCode }),
      ...(startedAt === undefined ? {} : { startedAt }),
      ...(layer === undefined ? {} : { layer }),
    };
  }
}

function predictionOf(status: BuildStep['status'], reasons: readonly Reason[]): PlannedStep['predicted'] {
  if (status === 'hit') return 'hit';
  if (status === 'failed') return 'fails';
  return status === 'waiting' || isOpen(reasons) ? 'unknown' : 'miss';
}
