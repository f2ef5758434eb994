import type { OperationView } from '#renderer/store/operation-events.ts';
import type { BuildDetail, BuildSummary } from '#shared/contract/builds.ts';
import type { ErrorView } from '#shared/contract/common.ts';
import type { SourceError } from './source/source-model.ts';
import { type StepView, viewOfBuilt } from './source/step-state.ts';

/** What is known of one build, from its record and, while it runs, from its operation. */
export interface BuildFacts {
  readonly id: string;
  readonly state: BuildSummary['state'];
  readonly steps: readonly StepView[];
  readonly startedAt: number;
  /** Null while it runs. */
  readonly ms: number | null;
  readonly savedMs: number;
  readonly tags: readonly string[];
  /** Of an index, what it lists, such as `linux/arm64`; empty for an image alone. */
  readonly platforms: readonly string[];
  readonly digest: string | null;
  readonly error: ErrorView | null;
  readonly engine: string;
  readonly imageId: string | null;
  /** Where it can be followed; null when it ended before this host started. */
  readonly operationId: string | null;
}

/** Joins a record with its operation: whichever of the two has gone further counts. */
export function factsOfBuild(detail: BuildDetail, live: OperationView | undefined): BuildFacts {
  const isLive = live !== undefined && live.seq >= 0 && detail.state === 'running';
  const operation = isLive ? live.operation : null;
  const result = operation?.result?.kind === 'build' ? operation.result : null;
  const steps = isLive && live.steps.length > 0 ? live.steps : detail.stepList;
  const state = operation?.state ?? detail.state;
  return {
    id: detail.id,
    state,
    steps: steps.map(viewOfBuilt).map((step) => settled(step, state)),
    startedAt: detail.startedAt,
    ms: endOf(operation) ?? detail.ms,
    savedMs: detail.savedMs,
    tags: result?.tags ?? detail.tags,
    platforms: (result?.platforms ?? detail.platforms ?? []).map(({ platform }) => platform),
    digest: result?.digest ?? detail.digest,
    error: operation?.error ?? detail.error,
    engine: detail.engine,
    imageId: result?.imageId ?? detail.imageId,
    operationId: detail.operationId,
  };
}

/** Nothing waits or runs any more in a build that has ended. */
function settled(step: StepView, state: BuildFacts['state']): StepView {
  if (state === 'running') return step;
  if (step.state === 'waiting') return { ...step, state: 'skipped' };
  return step.state === 'running' ? { ...step, state: 'cancelled' } : step;
}

/** Where in the source an error of a build belongs; null when it is about no line. */
export function errorInSource(error: ErrorView | null, steps: readonly StepView[]): SourceError | null {
  if (error === null) return null;
  const place = linesOf(error) ?? steps.find((step) => step.state === 'failed');
  if (place === undefined || error.code === 'cancelled') return null;
  return { message: error.message, hint: error.hint, line: place.line, endLine: place.endLine };
}

function linesOf(error: ErrorView): { readonly line: number; readonly endLine: number } | undefined {
  if (error.detail?.kind === 'source') return error.detail.range;
  if (error.detail?.kind === 'step') return { line: error.detail.line, endLine: error.detail.line };
  return undefined;
}

function endOf(operation: OperationView['operation'] | null): number | null {
  return operation === null || operation.endedAt === null ? null : operation.endedAt - operation.startedAt;
}

/** How many steps there are, and how they stand. */
export interface StepCounts {
  readonly total: number;
  readonly hits: number;
  readonly unknown: number;
  /** Steps that are over, whatever they came to. */
  readonly over: number;
}

/** Counts steps, predictions and facts alike. */
export function countSteps(steps: readonly StepView[]): StepCounts {
  const count = (...states: readonly StepView['state'][]): number =>
    steps.filter((step) => states.includes(step.state)).length;
  return {
    total: steps.length,
    hits: count('hit', 'will-hit'),
    unknown: count('unknown'),
    over: count('hit', 'miss', 'built', 'failed', 'cancelled'),
  };
}

const INTERESTING: readonly (readonly StepView['state'][])[] = [
  ['failed'],
  ['running'],
  ['cancelled'],
  ['miss', 'built'],
];

/**
 * The step whose log is of most interest when the user has chosen none: the failed one, else one that runs, else
 * the last that ran. Commands come before copies: a copy that runs mostly waits for the stage it copies from.
 */
export function stepOfInterest(steps: readonly StepView[]): StepView | null {
  for (const states of INTERESTING) {
    const found = steps.filter(({ state }) => states.includes(state));
    const last = found.findLast((step) => /^run\b/i.test(step.instruction)) ?? found.at(-1);
    if (last !== undefined) return last;
  }
  return steps.at(-1) ?? null;
}
