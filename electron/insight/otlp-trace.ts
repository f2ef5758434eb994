import { createHash } from 'node:crypto';
import type { BuildDetail, BuildStep } from '#shared/contract/builds.ts';
import { type PlacedStep, placeSteps } from './place-steps.ts';

/** One attribute as OTLP writes it: 64-bit numbers are strings in its JSON. */
export interface OtlpAttribute {
  readonly key: string;
  readonly value:
    | { readonly stringValue: string }
    | { readonly intValue: string }
    | { readonly arrayValue: { readonly values: readonly { readonly stringValue: string }[] } };
}

/** A piece of work; ids are in lower-case hex, times in ns since 1970 as strings. */
export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the build itself. */
  readonly parentSpanId: string;
  readonly name: string;
  /** 1: internal. */
  readonly kind: 1;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly OtlpAttribute[];
  /** 1: ok, 2: error. */
  readonly status: { readonly code: 1 | 2; readonly message?: string };
}

/** A trace as collectors read it: ExportTraceServiceRequest in OTLP's JSON encoding (OTLP 1.x). */
export interface OtlpTrace {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] };
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string };
      readonly spans: readonly OtlpSpan[];
    }[];
  }[];
}

/** The trace of a build: a span for the build, below it one for each stage, below those one for each step that was begun. */
export function otlpTrace(build: BuildDetail): OtlpTrace {
  const trace = new Spans(build);
  const stages = [...new Set(build.stepList.map((step) => step.stage))];
  const placed = stages.map((stage) => ({
    stage,
    steps: placeSteps(build.stepList.filter((step) => step.stage === stage)),
  }));
  const last = Math.max(0, ...placed.flatMap(({ steps }) => steps.map(endOf)));
  const root = trace.span('build', `Build ${build.name}`, [0, Math.max(build.ms ?? 0, last)], {
    attributes: buildAttributes(build),
    error: build.state === 'done' || build.state === 'running' ? null : (build.error?.message ?? build.state),
  });
  const below = placed.flatMap(({ stage, steps }) => trace.stage(root.spanId, stage, steps));
  return {
    resourceSpans: [
      {
        resource: { attributes: [text('service.name', 'strata')] },
        scopeSpans: [{ scope: { name: 'strata' }, spans: [root, ...below] }],
      },
    ],
  };
}

interface SpanFacts {
  readonly parent?: string;
  readonly attributes: readonly OtlpAttribute[];
  /** What went wrong, null when nothing did. */
  readonly error: string | null;
}

/** Makes the spans of one build, their ids from the build's own so that a second export is the same trace. */
class Spans {
  readonly #build: BuildDetail;

  constructor(build: BuildDetail) {
    this.#build = build;
  }

  /** `from` and `to` are in ms since the build began. */
  span(id: string, name: string, [from, to]: readonly [number, number], facts: SpanFacts): OtlpSpan {
    const { error, attributes, parent = '' } = facts;
    return {
      traceId: hex(this.#build.id, 32),
      spanId: hex(`${this.#build.id} ${id}`, 16),
      parentSpanId: parent,
      name,
      kind: 1,
      startTimeUnixNano: this.#nano(from),
      endTimeUnixNano: this.#nano(to),
      attributes,
      status: error === null ? { code: 1 } : { code: 2, message: error },
    };
  }

  /** A stage that was begun, and its steps. */
  stage(parent: string, stage: string, steps: readonly PlacedStep[]): OtlpSpan[] {
    const [first] = steps;
    if (first === undefined) return [];
    const from = Math.min(...steps.map(({ startedAt }) => startedAt));
    const own = this.span(`stage ${stage}`, `stage ${stage}`, [from, Math.max(...steps.map(endOf))], {
      parent,
      attributes: [text('strata.stage', stage)],
      error: steps.some(({ step }) => step.status === 'failed') ? 'A step failed.' : null,
    });
    const below = steps.map((placed) =>
      this.span(`step ${placed.step.index}`, placed.step.instruction, [placed.startedAt, endOf(placed)], {
        parent: own.spanId,
        attributes: stepAttributes(placed.step),
        error: errorOf(placed.step),
      }),
    );
    return [own, ...below];
  }

  #nano(ms: number): string {
    return String(BigInt(Math.round(this.#build.startedAt + ms)) * 1_000_000n);
  }
}

function endOf({ step, startedAt }: PlacedStep): number {
  return startedAt + step.ms;
}

function errorOf({ status, exitCode }: BuildStep): string | null {
  if (status !== 'failed' && status !== 'cancelled') return null;
  return typeof exitCode === 'number' ? `${status}, exit code ${exitCode}` : status;
}

function buildAttributes({ id, name, engine, digest, tags, state }: BuildDetail): OtlpAttribute[] {
  return [
    text('strata.build.id', id),
    text('strata.project', name),
    text('strata.engine', engine),
    text('strata.state', state),
    ...(digest === null ? [] : [text('strata.image.digest', digest)]),
    ...(tags.length === 0 ? [] : [list('strata.tags', tags)]),
  ];
}

function stepAttributes(step: BuildStep): OtlpAttribute[] {
  const { index, line, stage, status, size, savedMs, exitCode, layer, reasons } = step;
  return [
    number('strata.step', index),
    text('strata.stage', stage),
    number('code.line.number', line),
    text('strata.status', status),
    number('strata.layer.bytes', size),
    ...(layer === undefined ? [] : [text('strata.layer.digest', layer)]),
    ...(savedMs === undefined ? [] : [number('strata.saved_ms', savedMs)]),
    ...(typeof exitCode === 'number' ? [number('process.exit.code', exitCode)] : []),
    ...(reasons.length === 0
      ? []
      : [
          list(
            'strata.reasons',
            reasons.map(({ detail }) => detail),
          ),
        ]),
  ];
}

function text(key: string, stringValue: string): OtlpAttribute {
  return { key, value: { stringValue } };
}

function number(key: string, value: number): OtlpAttribute {
  return { key, value: { intValue: String(Math.round(value)) } };
}

function list(key: string, values: readonly string[]): OtlpAttribute {
  return { key, value: { arrayValue: { values: values.map((stringValue) => ({ stringValue })) } } };
}

function hex(of: string, length: number): string {
  return createHash('sha256').update(of).digest('hex').slice(0, length);
}
