import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, watchFaults } from '../fixtures/browser-test.ts';
import { type Gate, makeGate } from '../fixtures/gate.ts';
import { processesWith } from '../fixtures/processes.ts';
import { AppPage } from '../pages/app-page.ts';
import { ProjectPage } from '../pages/project-page.ts';
import { ProjectsPage } from '../pages/projects-page.ts';

/** A project with a RUN step that speaks, waits and speaks again. */
function waitingProject(wait: string): Record<string, string> {
  return {
    Dockerfile: `FROM busybox:1.36
COPY a /a
RUN for i in $(seq 5); do echo "before $i"; done; ${wait}; for i in $(seq 5); do echo "after $i"; done
RUN echo last
`,
    a: 'a',
  };
}

let gate: Gate;
test.beforeEach(async () => {
  gate = await makeGate();
});
test.afterEach(() => gate.close());

test('a page that is reloaded during a build joins it again and misses no line', async ({ app, box }) => {
  const folder = await box.files('home/slow', waitingProject(gate.wait));
  const project = new ProjectPage(app);
  await new ProjectsPage(app).openFolder(folder);
  await project.buildButton.click();
  await expect(project.log).toContainText('before 5');
  await app.page.reload();
  await project.expectStates({ 1: 'built', 3: 'building', 4: 'waiting' });
  await project.line(3).click();
  await expect(project.log).toContainText('before 1');
  await expect(project.log).toContainText('before 5');
  gate.open();
  await expect(project.log).toContainText('after 5');
  await project.isBuilt();
  await expect(project.log).toHaveText(/before 1.*before 5.*after 1.*after 5/s);
});

test('a second window sees the same build, and the status bar leads to it', async ({ app, box, page }) => {
  const folder = await box.files('home/slow', waitingProject(gate.wait));
  const project = new ProjectPage(app);
  await new ProjectsPage(app).openFolder(folder);
  await project.buildButton.click();
  await expect(project.log).toContainText('before 5');
  const second = await page.context().newPage();
  const faults = watchFaults(second);
  await second.goto(`${app.origin}/`);
  await second.getByRole('button', { name: 'Running: Build slow' }).click();
  await second.getByRole('menuitem', { name: /^Build slow/ }).click();
  const other = new ProjectPage(new AppPage(second, app.origin));
  await other.expectStates({ 3: 'building' });
  gate.open();
  await project.isBuilt();
  await other.isBuilt();
  expect(faults).toEqual([]);
});

test('cancelling ends the step with all it started, and what was done stays', async ({ app, box }) => {
  const mark = `${3600 + Math.floor(Math.random() * 1_000_000)}.5`;
  const folder = await box.files('home/slow', waitingProject(`sleep ${mark}`));
  const project = new ProjectPage(app);
  await new ProjectsPage(app).openFolder(folder);
  await project.buildButton.click();
  await expect(project.log).toContainText('before 5');
  await project.cancelButton.click();
  await expect(project.result.getByRole('status')).toHaveText(/^Cancelled/);
  await project.expectStates({ 1: 'built', 2: 'built', 3: 'cancelled' });
  expect(await processesWith(mark)).toEqual([]);
  await writeFile(join(folder, 'Dockerfile'), waitingProject('true').Dockerfile ?? '');
  await project.build();
  await project.expectStates({ 1: 'cached', 2: 'cached', 3: 'built', 4: 'built' });
});

test('closing the host cancels the build and leaves nothing behind', async ({ app, box, host }) => {
  const mark = `${3600 + Math.floor(Math.random() * 1_000_000)}.5`;
  const folder = await box.files('home/slow', waitingProject(`sleep ${mark}`));
  const project = new ProjectPage(app);
  await new ProjectsPage(app).openFolder(folder);
  await project.buildButton.click();
  await expect(project.log).toContainText('before 5');
  await app.page.close();
  expect(await host.stop()).toBe(0);
  expect(await processesWith(mark)).toEqual([]);
  const builds = await box.strata(['df', '--json']);
  expect(builds.code).toBe(0);
});
