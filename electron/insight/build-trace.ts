import type { BuildDetail, TraceFormat } from '#shared/contract/builds.ts';
import { chromeTrace } from './chrome-trace.ts';
import { otlpTrace } from './otlp-trace.ts';

/** A trace as a file. */
export interface TraceFile {
  readonly name: string;
  /** JSON. */
  readonly text: string;
}

/** The trace of a build in the form that is asked for. */
export function traceBuild(build: BuildDetail, format: TraceFormat): TraceFile {
  const base = `${build.name}-${build.id.slice(0, 8)}`;
  return format === 'otlp'
    ? { name: `${base}.otlp.json`, text: JSON.stringify(otlpTrace(build)) }
    : { name: `${base}.trace.json`, text: JSON.stringify(chromeTrace(build)) };
}
