import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type BenchBuilder, buildahBuilder, dockerBuilder, strataBuilder } from './builders.ts';
import { changeOneFile, writeProject, writeTrivialProject } from './project.ts';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const FILES = 4000;

interface Scenario {
  readonly name: string;
  /** Made anew for each timing, not timed. */
  prepare(builder: BenchBuilder, round: number): Promise<void>;
  readonly project: string;
}

/** Times of one builder in one scenario, ms. */
interface Series {
  readonly scenario: string;
  readonly builder: string;
  readonly times: number[];
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] =
    sorted.length % 2 === 1 ? [sorted[middle], sorted[middle]] : [sorted[middle - 1], sorted[middle]];
  return (low + high) / 2;
}

function scenarios(folder: string): Scenario[] {
  const large = join(folder, 'large');
  const trivial = join(folder, 'trivial');
  return [
    { name: 'cold, base present', project: large, prepare: (builder) => builder.reset() },
    { name: 'unchanged', project: large, prepare: async () => undefined },
    { name: 'one file changed', project: large, prepare: (_builder, round) => changeOneFile(large, round) },
    { name: 'twenty trivial RUN', project: trivial, prepare: (builder) => builder.reset() },
  ];
}

/** Alternates the builders, so that what else the machine does meets all of them. */
async function measure(builders: readonly BenchBuilder[], scenario: Scenario): Promise<Series[]> {
  const series = builders.map((builder) => ({
    scenario: scenario.name,
    builder: builder.name,
    times: [] as number[],
  }));
  // One round that does not count: the unchanged build needs one before it.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [i, builder] of builders.entries()) {
      await scenario.prepare(builder, round * builders.length + i);
      const started = performance.now();
      await builder.build(scenario.project);
      if (round > 0) series[i]?.times.push(performance.now() - started);
    }
  }
  return series;
}

function table(all: readonly Series[], builders: readonly BenchBuilder[]): string {
  const rows = [...new Set(all.map((series) => series.scenario))].map((scenario) => {
    const of = (name: string) =>
      median(all.find((s) => s.scenario === scenario && s.builder === name)?.times ?? []);
    const own = of('strata');
    const cells = builders.map(({ name }) => `${(of(name) / 1000).toFixed(2)} s`);
    const ratios = builders.slice(1).map(({ name }) => (own / of(name)).toFixed(2));
    return `| ${[scenario, ...cells, ...ratios].join(' | ')} |`;
  });
  const header = [
    `median of ${ROUNDS}`,
    ...builders.map(({ name, version }) => `${name} ${version}`),
    ...builders.slice(1).map(({ name }) => `strata / ${name}`),
  ];
  return [`| ${header.join(' | ')} |`, `|${'---|'.repeat(header.length)}`, ...rows].join('\n');
}

const output = resolve(process.argv[2] ?? 'out/bench.json');
const folder = await mkdtemp(join(tmpdir(), 'strata-bench-projects-'));
const builders: BenchBuilder[] = [];
try {
  await writeProject(join(folder, 'large'), FILES);
  await writeTrivialProject(join(folder, 'trivial'));
  builders.push(await strataBuilder());
  for (const make of [dockerBuilder, buildahBuilder]) {
    const builder = await make();
    if (builder !== null) builders.push(builder);
  }
  const all: Series[] = [];
  for (const scenario of scenarios(folder)) {
    console.error(`${scenario.name}…`);
    all.push(...(await measure(builders, scenario)));
  }
  console.log(table(all, builders));
  const machine = {
    cpus: cpus().length,
    model: cpus()[0]?.model,
    node: process.version,
    date: new Date().toISOString(),
  };
  const versions = Object.fromEntries(builders.map(({ name, version }) => [name, version]));
  const medians = all.map(({ scenario, builder, times }) => ({
    scenario,
    builder,
    medianMs: median(times),
    times,
  }));
  await mkdir(dirname(output), { recursive: true });
  await writeFile(
    output,
    `${JSON.stringify({ machine, versions, files: FILES, rounds: ROUNDS, results: medians }, null, 2)}\n`,
  );
  console.error(`Written to ${output}`);
} finally {
  for (const builder of builders) await builder.close();
  await rm(folder, { recursive: true, force: true });
}
