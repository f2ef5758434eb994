import { Box } from '../fixtures/box.ts';
import { expect, test } from '../fixtures/browser-test.ts';
import { ProjectPage } from '../pages/project-page.ts';
import { ProjectsPage } from '../pages/projects-page.ts';

const FILES = {
  Dockerfile: 'FROM busybox:1.36\nCOPY a /a\nRUN date +%s%N > /when\n',
  a: 'a\n',
};

test('a project imports what another machine built, and the page says who', async ({
  app,
  box,
  registry,
}) => {
  const ref = `${registry}/page/cache:main`;
  const folder = await box.files('home/shared', FILES);
  const other = await Box.make(registry);
  const built = await other.strata(['build', folder, '--cache-to', ref]);
  expect(built.stdout).toContain('Wrote the shared cache');
  await other.remove();

  const project = new ProjectPage(app);
  await new ProjectsPage(app).openFolder(folder);
  await app.page.getByRole('button', { name: 'Options…' }).click();
  await app.page.getByLabel('Shared cache: import from').fill(ref);
  await app.page.getByRole('button', { name: 'Save and build' }).click();
  await project.isBuilt();
  await project.expectStates({ 2: 'cached', 3: 'cached' });
  await expect(project.reasons(3)).toContainText(`From the shared cache ${ref}, built by `);

  await app.page.getByRole('button', { name: 'Options…' }).click();
  await expect(app.page.getByLabel('Shared cache: import from')).toHaveValue(ref);
});
