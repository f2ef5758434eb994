import { StringDecoder } from 'node:string_decoder';
import type { PlanStage, PlanStep } from '../../../build/plan/build-plan.ts';
import type { BuildKitStatus, Vertex } from './buildkit-status.ts';
import type { EnginePlan } from './engine-plan.ts';
import { isReported, type StepEnd, type StepTracker } from './step-tracker.ts';

/** Where BuildKit's name of an operation says it belongs. */
export interface VertexName {
  /** Null when the Dockerfile has one stage without a name. */
  readonly stage: string | null;
  /** Place among the stage's operations, from 1, and their number as BuildKit counts them. */
  readonly position: number;
  readonly total: number;
  readonly text: string;
}

/** Reads `[linux/arm64 build 3/7] RUN npm ci`; null for `[internal] …` and what is no instruction. */
export function parseVertexName(name: string): VertexName | null {
  const match = /^\[(?:([^\]]*) )?(\d+)\/(\d+)\] (.*)$/s.exec(name);
  if (match === null) return null;
  const [, words, position, total, text = ''] = match;
  const stage = words?.split(' ').findLast((word) => !word.includes('/')) ?? null;
  return { stage, position: Number(position), total: Number(total), text };
}

/** Follows BuildKit's trace and tells the tracker. */
export interface BuildKitProgress {
  accept(status: BuildKitStatus): void;
  /** The first operation that failed for a reason of its own: the step, or null for an internal one. */
  failure(): { readonly step: PlanStep | null; readonly vertex: Vertex } | null;
}

/** Maps operations to the steps of the tracker's plan, by stage and place. */
export function createBuildKitProgress(tracker: StepTracker): BuildKitProgress {
  const vertexes = new Map<string, Vertex>();
  const fetching = new Set<string>();
  const decoders = new Map<string, StringDecoder>();
  let stepOf = new Map<string, PlanStep>();

  const apply = (vertex: Vertex) => {
    const step = stepOf.get(vertex.digest);
    if (step === undefined || vertex.started === null) return;
    if (vertex.completed === null) {
      tracker.run(step.index);
      return;
    }
    const ms = vertex.completed - vertex.started;
    if (isOwnFailure(vertex)) tracker.fail(step.index, ms, exitCodeOf(vertex.error));
    else if (vertex.error !== '') return;
    else if (step.instruction.keyword !== 'FROM') tracker.end(step.index, { hit: vertex.cached, ms });
    else endBase(step, vertex);
  };

  /** A FROM ends with its base and the triggers (ONBUILD) that this brought. */
  const endBase = (step: PlanStep, vertex: Vertex) => {
    const own = [...stepOf].flatMap(([digest, of]) => (of === step ? [vertexes.get(digest) ?? vertex] : []));
    if (own.some(({ completed }) => completed === null)) return;
    const end = baseEnd(own, fetching);
    tracker.end(step.index, end);
    // Stages on the same image share one operation, which bears the name of the first.
    const { plan, bases } = tracker.planned;
    const named = new Set(stepOf.values());
    for (const other of plan.steps) {
      const isSameBase = bases.get(other.stage.index) === bases.get(step.stage.index);
      if (other.position === 0 && isSameBase && !named.has(other)) tracker.end(other.index, end);
    }
  };

  return {
    accept({ vertexes: changed, statuses, logs }) {
      for (const vertex of changed) vertexes.set(vertex.digest, latest(vertexes.get(vertex.digest), vertex));
      if (changed.length > 0) stepOf = assign([...vertexes.values()], tracker.planned);
      for (const status of statuses) if (status.total > 0) fetching.add(status.vertex);
      for (const vertex of changed) apply(vertexes.get(vertex.digest) ?? vertex);
      for (const log of logs) {
        const step = stepOf.get(log.vertex);
        if (step === undefined) continue;
        const key = `${log.vertex} ${log.stream}`;
        const decoder = decoders.get(key) ?? new StringDecoder('utf8');
        decoders.set(key, decoder);
        const text = decoder.write(log.message);
        if (text !== '') tracker.log(step.index, text);
      }
    },
    failure() {
      const vertex = [...vertexes.values()].find(isOwnFailure);
      return vertex === undefined ? null : { step: stepOf.get(vertex.digest) ?? null, vertex };
    },
  };
}

/** A base that was here is a hit, whatever BuildKit calls its first use; triggers are as any other step. */
function baseEnd(vertexes: readonly Vertex[], fetching: ReadonlySet<string>): StepEnd {
  const isBase = ({ name }: Vertex) => parseVertexName(name)?.text.startsWith('FROM ') === true;
  const ms = vertexes.reduce((sum, { started, completed }) => sum + ((completed ?? 0) - (started ?? 0)), 0);
  if (vertexes.some((vertex) => isBase(vertex) && fetching.has(vertex.digest))) {
    const detail = 'The base image was fetched from its registry.';
    return { hit: false, ms, reasons: [{ kind: 'base-fetched', detail }] };
  }
  return { hit: vertexes.every((vertex) => isBase(vertex) || vertex.cached), ms };
}

/** BuildKit sends an operation again for each change; the earliest start counts. */
function latest(known: Vertex | undefined, vertex: Vertex): Vertex {
  return { ...vertex, started: known?.started ?? vertex.started };
}

/** Operations are told to be cancelled when another one failed: that is not their failure. */
function isOwnFailure(vertex: Vertex): boolean {
  return vertex.error !== '' && !/context cancel+ed/.test(vertex.error);
}

/** The exit code in the words of BuildKit, old (`exit code: 1`) and new. */
export function exitCodeOf(error: string): number | null {
  const match = /exit code: (\d+)/.exec(error);
  return match?.[1] === undefined ? null : Number(match[1]);
}

/** Finds each operation's step: by the name of its stage and its place among the stage's operations. */
function assign(vertexes: readonly Vertex[], planned: EnginePlan): Map<string, PlanStep> {
  const { stages, steps, dockerfile } = planned.plan;
  const named = vertexes.flatMap((vertex) => {
    const name = parseVertexName(vertex.name);
    return name === null ? [] : [{ digest: vertex.digest, name }];
  });
  const result = new Map<string, PlanStep>();
  for (const stage of stages) {
    const own = named.filter(({ name }) => isOf(name, stage, dockerfile.stages.length));
    if (own.length === 0) continue;
    const reported = steps.filter((step) => step.stage === stage && isReported(step));
    const from = reported[0];
    const makers = reported.slice(1);
    const bases = isOnImage(stage, planned) ? 1 : 0;
    const highest = Math.max(...own.flatMap(({ name }) => [name.position, name.total]));
    const triggers = Math.max(0, highest - bases - makers.length);
    for (const { digest, name } of own) {
      const place = name.position - bases - triggers - 1;
      const step = place < 0 ? from : makers[place];
      if (step !== undefined) result.set(digest, step);
    }
  }
  return result;
}

function isOf(name: VertexName, stage: PlanStage, stageCount: number): boolean {
  if (name.stage === null) return stageCount === 1;
  return name.stage === stage.name || name.stage === `stage-${stage.index}`;
}

/** A stage on an image begins with an operation for it; one on scratch or on another stage does not. */
function isOnImage(stage: PlanStage, { bases, baseStages }: EnginePlan): boolean {
  return bases.get(stage.index)?.toLowerCase() !== 'scratch' && !baseStages.has(stage.index);
}
