import { join } from 'node:path';
import { type Contender, IMAGE } from './contenders.ts';
import { editProject, makeProject, makeTrivialProject } from './make-project.ts';
import { alternate } from './runs.ts';
import type { Bench } from './section.ts';

/** It takes as long as the others together, and no aim is set against it. */
const BUILDAH_ROUNDS = 2;

/** From nothing over a base that is there, again, after an edit, and twenty RUN steps. */
export async function measureBuilds(bench: Bench): Promise<void> {
  const large = join(bench.folder, 'builds-large');
  const trivial = join(bench.folder, 'builds-trivial');
  await makeProject(large, bench.base, bench.files);
  await makeTrivialProject(trivial, bench.base);
  await alternate(bench.contenders, bench.rounds, async (contender, round) => {
    if (contender.name === 'buildah' && round > BUILDAH_ROUNDS) return;
    const build = (name: string, folder: string) => measureBuild(bench, contender, name, folder);
    await contender.reset();
    await build('cold', large);
    await build('unchanged', large);
    await editProject(large, round);
    await build('one file changed', large);
    await editProject(large, 0);
    await contender.reset();
    await build('20 RUN steps', trivial);
  });
}

async function measureBuild(bench: Bench, contender: Contender, name: string, folder: string): Promise<void> {
  const about = { section: 'builds', name, contender: contender.name };
  await bench.runs.measure(about, contender.build(folder, IMAGE), contender.daemons);
}
