import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { IMAGE, runCommand, strataBox, strataCommand } from './contenders.ts';
import { fillStore } from './fill-store.ts';
import { makeProject } from './make-project.ts';
import { alternate } from './runs.ts';
import type { Bench } from './section.ts';

/** Data folders of more and more images: listing them, naming one, and an unchanged build beside them. */
export async function measureStores(bench: Bench): Promise<void> {
  const project = join(bench.folder, 'stores-project');
  await makeProject(project, bench.base, 100);
  for (const images of bench.isQuick ? [10, 100] : [10, 1000, 10_000]) {
    const box = strataBox(bench.folder, `store-${images}`);
    const home = box.env.STRATA_HOME ?? '';
    const strata = (...args: string[]) => strataCommand(box, ...args);
    await fillStore(home, images);
    await runCommand(strata('pull', bench.base));
    await runCommand(strata('build', project, '-t', IMAGE));
    let tags = 0;
    const cases = [
      { name: 'strata images', command: () => strata('images') },
      { name: 'strata tag', command: () => strata('tag', IMAGE, `bench:tag-${tags++}`) },
      { name: 'unchanged build', command: () => strata('build', project, '-t', IMAGE) },
    ];
    await alternate(cases, Math.min(3, bench.rounds), async ({ name, command }) => {
      await bench.runs.measure({ section: 'images', name, at: images, contender: 'strata' }, command());
    });
    await rm(home, { recursive: true, force: true });
  }
}
