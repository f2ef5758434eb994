import type { BuildStep } from '#shared/contract/builds.ts';
import type { PlannedStep, Reason } from '#shared/contract/projects.ts';

/**
 * How an instruction stands. `will-hit`, `will-miss`, `will-build`, `will-fail` and `unknown` are predictions; `idle` is nothing
 * known yet; `unused` is not needed for the target; `skipped` never began because the build ended before; the rest is
 * what happened. `will-build` and `built` are misses of a step that no earlier build is known to have made, so that
 * nothing is built again.
 */
export type StepState =
  | 'idle'
  | 'will-hit'
  | 'will-miss'
  | 'will-build'
  | 'will-fail'
  | 'unknown'
  | 'unused'
  | 'waiting'
  | 'running'
  | 'hit'
  | 'miss'
  | 'built'
  | 'failed'
  | 'cancelled'
  | 'skipped';

/** What is known about one step, predicted or real. `index` is its number in the build, null for a prediction. */
export interface StepView {
  readonly index: number | null;
  readonly stage: string;
  /** Of a build for several platforms. */
  readonly platform: string | null;
  readonly line: number;
  readonly endLine: number;
  readonly instruction: string;
  readonly state: StepState;
  readonly ms: number | null;
  readonly size: number | null;
  readonly reasons: readonly Reason[];
  readonly exitCode: number | null;
  /** Why it is foreseen to fail, and what to do. */
  readonly error?: PlannedStep['error'];
  /** What it gets that does not count for the cache, in words. */
  readonly uncounted: readonly string[];
}

/** A sign and a word for each state: colour is never the only difference. */
export const STATE_WORDS: Readonly<Record<StepState, { readonly sign: string; readonly word: string }>> = {
  idle: { sign: '', word: '' },
  'will-hit': { sign: '✓', word: 'cached' },
  'will-miss': { sign: '●', word: 'will rebuild' },
  'will-build': { sign: '●', word: 'will build' },
  'will-fail': { sign: '✕', word: 'will fail' },
  unknown: { sign: '?', word: 'unknown' },
  unused: { sign: '–', word: 'not needed' },
  waiting: { sign: '○', word: 'waiting' },
  running: { sign: '●', word: 'building' },
  hit: { sign: '✓', word: 'cached' },
  miss: { sign: '●', word: 'rebuilt' },
  built: { sign: '●', word: 'built' },
  failed: { sign: '✕', word: 'failed' },
  cancelled: { sign: '■', word: 'cancelled' },
  skipped: { sign: '○', word: 'not run' },
};

/** A stage as people call it: its name, else its number from 1. Builders count from 0 and may write `stage-0`. */
export function stageWords(name: string): string {
  const number = /^(?:stage-)?(\d+)$/.exec(name)?.[1];
  return number === undefined ? name : String(Number(number) + 1);
}

/** The states as a screen reader says them, predictions told apart from facts. */
export function spokenState(state: StepState): string {
  if (state === 'will-hit') return 'predicted: cached';
  if (state === 'will-miss') return 'predicted: will rebuild';
  if (state === 'will-build') return 'predicted: will build';
  if (state === 'will-fail') return 'predicted: will fail';
  if (state === 'unknown') return 'cannot be predicted';
  return STATE_WORDS[state].word;
}

/** Kind of the reason that says no more than that there was no build before. */
const NO_EARLIER_BUILD = 'no-earlier-build';

/** Whether no earlier build of a step is known; an engine that gives no reasons tells of none. */
function isFirst(reasons: readonly Reason[]): boolean {
  return reasons.length === 0 || reasons.some(({ kind }) => kind === NO_EARLIER_BUILD);
}

/**
 * The reasons of a step that are worth telling: that it ran for the first time is no reason for it to fail or to be
 * cancelled.
 */
export function reasonsToTell({ state, reasons }: StepView): readonly Reason[] {
  return state === 'failed' || state === 'cancelled' ? withoutFirst(reasons) : reasons;
}

/** Reasons but the one that there was no build before. */
export function withoutFirst(reasons: readonly Reason[]): readonly Reason[] {
  return reasons.filter(({ kind }) => kind !== NO_EARLIER_BUILD);
}

/** A predicted step as it is shown. */
export function viewOfPlanned(step: PlannedStep): StepView {
  const miss = isFirst(step.reasons) ? 'will-build' : 'will-miss';
  const state = ({ hit: 'will-hit', miss, unknown: 'unknown', fails: 'will-fail' } as const)[step.predicted];
  return {
    index: null,
    stage: step.stage,
    platform: step.platform ?? null,
    line: step.line,
    endLine: step.endLine,
    instruction: step.instruction,
    state,
    ms: null,
    size: null,
    reasons: step.reasons,
    exitCode: null,
    error: step.error,
    uncounted: step.uncounted ?? [],
  };
}

/** A real step as it is shown; it has a time once it began and a size once it made a layer. */
export function viewOfBuilt(step: BuildStep): StepView {
  const began = step.status !== 'waiting' && step.status !== 'running';
  return {
    index: step.index,
    stage: step.stage,
    platform: step.platform ?? null,
    line: step.line,
    endLine: step.endLine,
    instruction: step.instruction,
    state: step.status === 'miss' && isFirst(step.reasons) ? 'built' : step.status,
    ms: began ? step.ms : null,
    size: step.size > 0 ? step.size : null,
    reasons: step.reasons,
    exitCode: step.exitCode ?? null,
    uncounted: step.uncounted ?? [],
  };
}

const WEIGHT: readonly StepState[] = [
  'failed',
  'will-fail',
  'running',
  'cancelled',
  'miss',
  'built',
  'will-miss',
  'will-build',
  'unknown',
  'waiting',
  'skipped',
  'hit',
  'will-hit',
  'unused',
  'idle',
];

/** The state that says most about several steps of one line, such as the triggers of a base image. */
export function strongestState(states: readonly StepState[]): StepState {
  return WEIGHT.find((state) => states.includes(state)) ?? 'idle';
}

/** What tells a step from the others of its line. */
export function nameOf(step: StepView, others: readonly StepView[]): string {
  const isOneInstruction = others.every(({ instruction }) => instruction === step.instruction);
  if (step.platform === null) return step.instruction;
  return isOneInstruction ? step.platform : `${step.platform}  ${step.instruction}`;
}
