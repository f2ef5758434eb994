import { join } from 'node:path';
import { type Contender, IMAGE } from './contenders.ts';
import { editProject, makeProject, makeTrivialProject } from './make-project.ts';
import { startRunningStrata } from './running-strata.ts';
import { alternate } from './runs.ts';
import { type Bench, SHORT_TIMES } from './section.ts';

/** It takes as long as the others together, and no aim is set against it. */
const BUILDAH_ROUNDS = 2;

/** From nothing over a base that is there, again, after an edit, and twenty RUN steps; without and with the app running. */
export async function measureBuilds(bench: Bench): Promise<void> {
  const large = join(bench.folder, 'builds-large');
  const trivial = join(bench.folder, 'builds-trivial');
  await makeProject(large, bench.base, bench.files);
  await makeTrivialProject(trivial, bench.base);
  const running = await startRunningStrata(bench);
  try {
    await alternate([...bench.contenders, running], bench.rounds, async (contender, round) => {
      if (contender.name === 'buildah' && round > BUILDAH_ROUNDS) return;
      const build = (name: string, folder: string) =>
        measureBuild(bench, contender, name, folder, contender === running);
      await contender.reset();
      await build('cold', large);
      for (let time = 0; time < SHORT_TIMES; time += 1) await build('unchanged', large);
      await editProject(large, round);
      await build('one file changed', large);
      await editProject(large, 0);
      await contender.reset();
      await build('20 RUN steps', trivial);
    });
  } finally {
    await running.remove();
  }
}

/** What others take counts for both cases: their daemons always run. */
async function measureBuild(
  bench: Bench,
  contender: Contender,
  name: string,
  folder: string,
  isHanded: boolean,
): Promise<void> {
  const about = { section: 'builds', contender: contender.name };
  const handed = { ...about, name: `${name}, handed to the app` };
  const own = isHanded ? handed : { ...about, name };
  const measured = await bench.runs.measure(own, contender.build(folder, IMAGE), contender.daemons);
  if (contender.name !== 'strata') bench.runs.note({ ...handed, measured });
}
