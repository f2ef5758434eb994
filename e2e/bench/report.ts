import { cpus, release, totalmem } from 'node:os';

/** Milliseconds of each run, by case and contender. */
export type Times = Map<string, Map<string, number[]>>;

/** What is written as JSON. */
export interface Report {
  readonly date: string;
  readonly machine: { cpus: number; cpu: string; memoryBytes: number; kernel: string; node: string };
  readonly versions: Readonly<Record<string, string>>;
  readonly files: number;
  readonly rounds: number;
  readonly cases: readonly CaseReport[];
}

interface CaseReport {
  readonly name: string;
  readonly contenders: readonly { name: string; medianMs: number; runsMs: readonly number[] }[];
  /** Strata's median by that of each other contender. */
  readonly ratios: Readonly<Record<string, number>>;
}

/** Notes the time of one run. */
export function note(times: Times, name: string, contender: string, ms: number): void {
  const byContender = times.get(name) ?? new Map<string, number[]>();
  times.set(name, byContender);
  byContender.set(contender, [...(byContender.get(contender) ?? []), Math.round(ms)]);
}

/** The report of all runs; ratios are to the first contender. */
export function makeReport(times: Times, facts: Pick<Report, 'versions' | 'files' | 'rounds'>): Report {
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
    cases: [...times].map(([name, byContender]) => caseReport(name, byContender)),
  };
}

function caseReport(name: string, byContender: ReadonlyMap<string, readonly number[]>): CaseReport {
  const contenders = [...byContender].map(([contender, runsMs]) => ({
    name: contender,
    medianMs: median(runsMs),
    runsMs,
  }));
  const [first, ...others] = contenders;
  const ratios = others.map((other) => [other.name, round((first?.medianMs ?? 0) / other.medianMs)] as const);
  return { name, contenders, ratios: Object.fromEntries(ratios) };
}

/** The middle of the numbers; of an even count the mean of both in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? 0;
  const high = sorted[Math.floor(middle)] ?? low;
  return (low + high) / 2;
}

/** The report as a Markdown table: medians, and Strata's share of each other's time. */
export function formatReport(report: Report): string {
  const names = Object.keys(report.versions);
  const heads = names.map((name) => `${name} ${report.versions[name]}`);
  const rows = report.cases.map(({ name, contenders, ratios }) => [
    name,
    ...names.map((contender) => {
      const found = contenders.find((each) => each.name === contender);
      const ratio = ratios[contender];
      if (found === undefined) return '–';
      return `${(found.medianMs / 1000).toFixed(2)} s${ratio === undefined ? '' : ` (${ratio.toFixed(2)})`}`;
    }),
  ]);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const head = [`median of ${report.rounds} runs`, ...heads];
  const rule = head.map((_, at) => (at === 0 ? '---' : '---:'));
  return [
    line(head),
    line(rule),
    ...rows.map(line),
    '',
    'In brackets: the time of Strata divided by this one.',
  ].join('\n');
}

function round(ratio: number): number {
  return Math.round(ratio * 1000) / 1000;
}
