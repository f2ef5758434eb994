import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startApp } from '../bench/app-client.ts';
import { makeProject } from '../bench/make-project.ts';
import { expect, test } from '../fixtures/test.ts';

const FILES = 100_000;

/** Copies alone: commands run in processes of their own and hold up nothing. */
const DOCKERFILE = 'FROM scratch\nWORKDIR /app\nCOPY package.json ./\nCOPY src ./src\nCOPY . .\n';

test('a build of 100,000 files in the app is measured for how long it holds up everything else', async ({
  box,
}, testInfo) => {
  testInfo.setTimeout(600_000);
  const folder = join(box.folder, 'large');
  await makeProject(folder, 'scratch', FILES, 300);
  await box.files('large', { Dockerfile: DOCKERFILE });
  const app = await startApp(box);
  try {
    const project = await app.addProject(folder);
    for (const name of ['cold', 'unchanged']) {
      await app.longestStall();
      await app.build(project, 'large:1');
      const stall = `${name}: longest stall of the event loop ${await app.longestStall()} ms`;
      const memory = /VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${app.pid}/status`, 'utf8'))?.[1];
      const said = `${stall}, peak memory ${Math.round(Number(memory) / 1000)} MB`;
      testInfo.annotations.push({ type: 'measured', description: said });
      console.log(said);
    }
  } finally {
    await app.close();
  }
  const { events } = await box.strata(['images', '--json']);
  expect(events.map(({ names }) => names)).toContainEqual(['large:1']);
});
