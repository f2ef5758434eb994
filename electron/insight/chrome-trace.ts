import type { BuildDetail, BuildStep } from '#shared/contract/builds.ts';
import { placeSteps } from './place-steps.ts';

/** One event of Chrome's trace format; times are in microseconds. `M` names rows, `X` is a piece of work. */
export interface TraceEvent {
  readonly name: string;
  readonly ph: 'M' | 'X';
  readonly pid: number;
  readonly tid: number;
  readonly cat?: string;
  readonly ts?: number;
  readonly dur?: number;
  readonly args: Readonly<Record<string, unknown>>;
}

/** A trace as chrome://tracing and Perfetto read it (JSON object format). */
export interface ChromeTrace {
  readonly traceEvents: readonly TraceEvent[];
  readonly displayTimeUnit: 'ms';
  readonly otherData: Readonly<Record<string, string>>;
}

const PROCESS = 1;

/** The trace of a build: a row for each stage, an event for each step that was begun, with its reasons. */
export function chromeTrace(build: BuildDetail): ChromeTrace {
  const stages = [...new Set(build.stepList.map((step) => step.stage))];
  const rows = stages.map((stage, i) => ({ stage, tid: i + 1 }));
  return {
    traceEvents: [
      label('process_name', 0, `Build ${build.name}`),
      ...rows.map(({ stage, tid }) => label('thread_name', tid, `stage ${stage}`)),
      ...rows.flatMap(({ stage, tid }) =>
        placeSteps(build.stepList.filter((step) => step.stage === stage)).map(({ step, startedAt }) =>
          traceStep(step, startedAt, tid),
        ),
      ),
    ],
    displayTimeUnit: 'ms',
    otherData: {
      build: build.id,
      engine: build.engine,
      startedAt: new Date(build.startedAt).toISOString(),
      ...(build.digest === null ? {} : { digest: build.digest }),
    },
  };
}

function label(name: string, tid: number, text: string): TraceEvent {
  return { name, ph: 'M', pid: PROCESS, tid, args: { name: text } };
}

function traceStep(step: BuildStep, startedAt: number, tid: number): TraceEvent {
  const { index, line, status, size, savedMs, exitCode, layer, reasons } = step;
  return {
    name: step.instruction,
    cat: status,
    ph: 'X',
    pid: PROCESS,
    tid,
    ts: Math.round(startedAt * 1000),
    dur: Math.round(step.ms * 1000),
    args: {
      step: index,
      line,
      status,
      bytes: size,
      ...(savedMs === undefined ? {} : { savedMs }),
      ...(exitCode === undefined ? {} : { exitCode }),
      ...(layer === undefined ? {} : { layer }),
      reasons: reasons.map(({ detail }) => detail),
    },
  };
}
