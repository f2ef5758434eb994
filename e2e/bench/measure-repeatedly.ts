import { IMAGE } from './contenders.ts';
import { alternate } from './runs.ts';
import type { Bench } from './section.ts';

const GROWERS = new Set(['strata', 'docker']);

/** Builds a project of size `at` from nothing and, some times, unchanged, by Strata and Docker in turns. */
export async function measureRepeatedly(
  bench: Bench,
  folder: string,
  section: string,
  at: number,
): Promise<void> {
  const growers = bench.contenders.filter(({ name }) => GROWERS.has(name));
  for (const contender of growers) {
    await contender.reset();
    const about = { section, name: 'cold', at, contender: contender.name };
    await bench.runs.measure(about, contender.build(folder, IMAGE), contender.daemons);
  }
  await alternate(growers, Math.min(3, bench.rounds), async (contender) => {
    const about = { section, name: 'unchanged', at, contender: contender.name };
    await bench.runs.measure(about, contender.build(folder, IMAGE), contender.daemons);
  });
}
