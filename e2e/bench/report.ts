import { cpus, release, totalmem } from 'node:os';
import type { Run } from './runs.ts';

/** What is written as JSON. */
export interface Report {
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly machine: { cpus: number; cpu: string; memoryBytes: number; kernel: string; node: string };
  readonly versions: Readonly<Record<string, string>>;
  readonly files: number;
  readonly rounds: number;
  readonly cases: readonly CaseReport[];
}

/** One case, at one size where it has several. */
export interface CaseReport {
  readonly section: string;
  readonly name: string;
  readonly at?: number | undefined;
  readonly contenders: readonly ContenderReport[];
  /** Strata's median time by that of each other contender. */
  readonly ratios: Readonly<Record<string, number>>;
}

/** What one contender took for a case: medians of its runs, the largest memory of all. */
export interface ContenderReport {
  readonly name: string;
  readonly ms: number;
  readonly cpuMs: number;
  readonly peakBytes: number;
  readonly runsMs: readonly number[];
  readonly counts?: Readonly<Record<string, number>> | undefined;
}

/** The report of all runs. */
export function makeReport(
  runs: readonly Run[],
  facts: Pick<Report, 'versions' | 'files' | 'rounds'>,
): Report {
  const [cpu] = cpus();
  return {
    date: new Date().toISOString(),
    machine: {
      cpus: cpus().length,
      cpu: cpu?.model ?? '',
      memoryBytes: totalmem(),
      kernel: release(),
      node: process.version,
    },
    ...facts,
    cases: groups(runs, ({ section, name, at }) => `${section}\0${name}\0${at}`).map(caseReport),
  };
}

function caseReport(runs: readonly Run[]): CaseReport {
  const contenders = groups(runs, ({ contender }) => contender)
    .map(contenderReport)
    .sort((a, b) => rank(a) - rank(b));
  const strata = contenders.find(({ name }) => name === 'strata');
  const others = strata === undefined ? [] : contenders.filter((each) => each !== strata);
  const ratios = others.map(({ name, ms }) => [name, round((strata?.ms ?? 0) / ms)] as const);
  const [first] = runs;
  const { section = '', name = '', at } = first ?? {};
  return { section, name, at, contenders, ratios: Object.fromEntries(ratios) };
}

/** Strata first, the others as they came. */
function rank({ name }: ContenderReport): number {
  return name === 'strata' ? 0 : 1;
}

function contenderReport(runs: readonly Run[]): ContenderReport {
  const all = (pick: (run: Run) => number) => runs.map(pick);
  return {
    name: runs[0]?.contender ?? '',
    ms: median(all(({ measured }) => measured.ms)),
    cpuMs: median(all(({ measured }) => measured.cpuMs)),
    peakBytes: Math.max(...all(({ measured }) => measured.peakBytes)),
    runsMs: all(({ measured }) => Math.round(measured.ms)),
    counts: runs.at(-1)?.counts,
  };
}

function groups(runs: readonly Run[], keyOf: (run: Run) => string): Run[][] {
  const found = new Map<string, Run[]>();
  for (const run of runs) {
    const group = found.get(keyOf(run));
    if (group === undefined) found.set(keyOf(run), [run]);
    else group.push(run);
  }
  return [...found.values()];
}

/** The middle of the numbers, rounded; of an even count the mean of both in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? 0;
  const high = sorted[Math.floor(middle)] ?? low;
  return Math.round((low + high) / 2);
}

function round(ratio: number): number {
  return Math.round(ratio * 1000) / 1000;
}
