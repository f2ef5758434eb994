import { expect, test } from '../fixtures/browser-test.ts';
import { type Gate, makeGate } from '../fixtures/gate.ts';
import { JournalPage } from '../pages/journal-page.ts';
import { ProjectPage } from '../pages/project-page.ts';
import { ProjectsPage } from '../pages/projects-page.ts';

let gate: Gate;
test.beforeEach(async () => {
  gate = await makeGate();
});
test.afterEach(() => gate.close());

const project = (wait: string) => ({
  Dockerfile: `FROM busybox:1.36\nCOPY . /app\nRUN echo begun; ${wait}; echo done\nCMD ["true"]\n`,
  'a.txt': 'a',
});

test('a build of a terminal is seen in the page while it runs, and afterwards among the builds of its project', async ({
  app,
  box,
}) => {
  const folder = await box.files('home/shop', project(gate.wait));
  const { page } = app;
  const shown = new ProjectPage(app);
  await new ProjectsPage(app).openFolder(folder);
  await expect(shown.buildButton).toBeVisible();

  const building = box.strata(['build', folder, '-t', 'acme/shop:1', '--json']);
  await shown.expectStates({ 2: 'built', 3: 'building' });
  await shown.line(3).click();
  await expect(shown.log).toContainText('begun');
  await expect(shown.cancelButton).toBeVisible();
  gate.open();
  expect((await building).code).toBe(0);
  await shown.isBuilt();
  await expect(shown.log).toContainText('done');

  await app.go('Builds');
  const rows = page.getByRole('grid', { name: 'Builds' }).getByRole('row');
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText('shop');
  await expect(rows.nth(1)).toContainText('acme/shop:1');
  await app.go('Tags');
  await expect(new JournalPage(app).rows.first()).toContainText('command line');
});

test('cancelling a build of a terminal in the page ends it there', async ({ app, box }) => {
  const folder = await box.files('home/shop', project(gate.wait));
  const shown = new ProjectPage(app);
  await new ProjectsPage(app).openFolder(folder);
  const building = box.strata(['build', folder]);
  await shown.expectStates({ 3: 'building' });
  await shown.cancelButton.click();
  const { code, stderr } = await building;
  expect(code).toBe(130);
  expect(stderr).toContain('was cancelled.');
});

test('a build of a folder that is no project is told at its end and listed', async ({ app, box }) => {
  gate.open();
  const folder = await box.files('home/other', project('true'));
  expect((await box.strata(['build', folder])).code).toBe(0);
  await expect(app.notices).toContainText('Build other');
  await app.go('Builds');
  await expect(app.page.getByRole('grid', { name: 'Builds' }).getByRole('row').nth(1)).toContainText('other');
});
