import { rm } from 'node:fs/promises';
import { startApp } from './app-client.ts';
import { IMAGE, strataBox } from './contenders.ts';
import { growthContext } from './growth-contexts.ts';
import { measureWork } from './in-app.ts';
import type { Bench } from './section.ts';

/** How long the app's event loop is held up by builds of a context of very many files. */
export async function measureStalls(bench: Bench): Promise<void> {
  const files = bench.isQuick ? 1000 : 100_000;
  const folder = await growthContext(bench, files);
  await bench.contenders[0]?.reset();
  const app = await startApp(strataBox(bench.folder));
  try {
    const projectId = await app.addProject(folder);
    await app.longestStall();
    for (const name of ['cold, app running', 'unchanged, app running']) {
      const measured = await measureWork(app.pid, () => app.build(projectId, IMAGE));
      const counts = { 'longest stall ms': await app.longestStall() };
      bench.runs.note({ section: 'stall', name, at: files, contender: 'strata', measured, counts });
    }
  } finally {
    await app.close();
    await rm(folder, { recursive: true, force: true });
  }
}
