import { formatBytes } from '#shared/format/bytes.ts';
import type { CaseReport, ContenderReport, Report } from './report.ts';

/** How a section is told; cases of sections that are not here are left out of the tables. */
const COMPARED: Readonly<Record<string, string>> = { builds: '', app: '', push: '', transfer: '' };
const GROWING: Readonly<Record<string, string>> = {
  files: 'files in the context',
  layers: 'layers of the image',
  images: 'images in the store',
  stall: 'files in the context',
};

/** The report as Markdown: one table against the others, one of growth, and what they were measured with. */
export function formatReport(report: Report): string {
  const compared = report.cases.filter(({ section }) => section in COMPARED);
  const growing = report.cases.filter(({ section }) => section in GROWING);
  const parts = [
    facts(report),
    compared.length === 0 ? [] : comparedTable(compared),
    growing.length === 0 ? [] : growthTable(growing),
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function facts({ date, machine, versions, files, rounds }: Report): string[] {
  const peers = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `Measured on ${date.slice(0, 10)}: ${peers.join(', ')}; Node ${machine.node.slice(1)}, Linux ${machine.kernel},`,
    `${machine.cpus} × ${machine.cpu}. Whole processes in turns, median of ${rounds} rounds (fewer for the large ones, more for unchanged builds),`,
    `a context of ${files} files. In brackets: Strata’s time divided by this one.`,
  ];
}

function comparedTable(cases: readonly CaseReport[]): string[] {
  const names = [...new Set(cases.flatMap(({ contenders }) => contenders.map(({ name }) => name)))];
  const rows = cases.map(({ name, contenders, ratios }) => [
    name,
    ...names.map((other) => {
      const found = contenders.find((each) => each.name === other);
      const ratio = ratios[other];
      if (found === undefined) return '–';
      return `${seconds(found.ms)}${ratio === undefined ? '' : ` (${ratio.toFixed(2)})`}`;
    }),
    formatBytes(contenders[0]?.peakBytes ?? 0),
  ]);
  return table(['', ...names, 'Strata’s memory'], rows);
}

function growthTable(cases: readonly CaseReport[]): string[] {
  const rows = cases.map(({ section, name, at = 0, contenders, ratios }) => {
    const strata = contenders[0];
    const [ratio] = Object.entries(ratios);
    return [
      `${at.toLocaleString('en')} ${GROWING[section]}: ${name}`,
      seconds(strata?.ms ?? 0),
      ratio === undefined ? '' : ratio[1].toFixed(2),
      formatBytes(strata?.peakBytes ?? 0),
      strata === undefined ? '' : countsOf(strata),
    ];
  });
  return table(['as it grows', 'strata', 'by docker’s time', 'memory', 'counted'], rows);
}

function countsOf({ counts = {} }: ContenderReport): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count.toLocaleString('en')}`)
    .join(', ');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, at) => (at === 0 ? '---' : '---:'))), ...rows.map(line)];
}
