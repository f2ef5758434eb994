import { join } from 'node:path';
import { startApp } from './app-client.ts';
import { IMAGE, runCommand, strataBox } from './contenders.ts';
import { makeProject } from './make-project.ts';
import { cpuOf, type Measured, peakMemory, settle } from './measure.ts';
import { alternate } from './runs.ts';
import { type Bench, SHORT_TIMES } from './section.ts';

/** Builds before the first that counts: an app that is in use has compiled what it runs often. */
const WARM_UP = 15;

/** An unchanged rebuild in the app that runs already, through the contract, beside whole processes of the others. */
export async function measureInApp(bench: Bench): Promise<void> {
  const project = join(bench.folder, 'in-app');
  await makeProject(project, bench.base, bench.files);
  for (const contender of bench.contenders) {
    await contender.reset();
    await runCommand(contender.build(project, IMAGE));
  }
  const app = await startApp(strataBox(bench.folder));
  try {
    const projectId = await app.addProject(project);
    for (let time = 0; time < WARM_UP; time += 1) await app.build(projectId, IMAGE);
    const about = { section: 'app', name: 'unchanged, built in the app' };
    await alternate(bench.contenders, bench.rounds, async ({ name: contender, build, daemons }) => {
      for (let time = 0; time < SHORT_TIMES; time += 1) {
        if (contender === 'strata') {
          const measured = await measureWork(app.pid, () => app.build(projectId, IMAGE));
          bench.runs.note({ ...about, contender, measured });
        } else await bench.runs.measure({ ...about, contender }, build(project, IMAGE), daemons);
      }
    });
  } finally {
    await app.close();
  }
}

/** What some work of a process that runs takes. */
export async function measureWork(pid: number, work: () => Promise<void>): Promise<Measured> {
  await settle();
  const cpuBefore = cpuOf([pid]);
  const begun = performance.now();
  await work();
  const ms = performance.now() - begun;
  return { ms, cpuMs: cpuOf([pid]) - cpuBefore, peakBytes: peakMemory(pid) };
}
