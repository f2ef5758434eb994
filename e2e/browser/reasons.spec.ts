import { appendFile, chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/browser-test.ts';
import { ProjectPage } from '../pages/project-page.ts';
import { ProjectsPage } from '../pages/projects-page.ts';

test.describe.configure({ timeout: 150_000 });

const DOCKERFILE = `FROM busybox:1.36
ARG VERSION=1
COPY src /src/
RUN --mount=type=cache,target=/c cat /src/a.txt > /made.txt
RUN echo one > /one.txt
`;
const FILES = { Dockerfile: DOCKERFILE, 'src/a.txt': 'A\n', 'src/b.txt': 'B\n' };

/** The pane that tells the reasons of the selected step at full length. */
function reasonsPane(page: Page) {
  return page.getByRole('tabpanel', { name: /^Reasons/ });
}

test('the prediction follows the files without a click, and each reason is told in words', async ({
  app,
  box,
}) => {
  const folder = await box.files('home/shop', FILES);
  const { page } = app;
  const project = new ProjectPage(app);
  const pane = reasonsPane(page);
  await new ProjectsPage(app).openFolder(folder);
  await project.expectStates({ 3: 'predicted: will build' });
  await page.getByRole('tab', { name: /^Reasons/ }).click();
  await project.line(3).click();
  await expect(pane).toContainText('There is no earlier build of this COPY');
  await project.build();
  await project.expectStates({ 3: 'built', 4: 'built' });

  await test.step('files, and only their mode', async () => {
    await writeFile(join(folder, 'src/a.txt'), 'other\n');
    await writeFile(join(folder, 'src/new.txt'), 'N\n');
    await rm(join(folder, 'src/b.txt'));
    await project.expectStates({ 3: 'predicted: will rebuild', 4: 'predicted: will rebuild' });
    await project.line(3).click();
    await expect(pane).toContainText('src/a.txt changed, src/b.txt was removed, src/new.txt was added.');
    await project.line(4).click();
    await expect(pane).toContainText('An earlier step is rebuilt (line 3, COPY src /src/).');
    await expect(pane).toContainText('Does not count for the cache: cache /c.');
    await project.build();
    await chmod(join(folder, 'src/a.txt'), 0o755);
    await project.expectStates({ 3: 'predicted: will rebuild' });
    await project.line(3).click();
    await expect(pane).toContainText('src/a.txt has another mode.');
    await chmod(join(folder, 'src/a.txt'), 0o644);
    await project.expectStates({ 3: 'predicted: cached' });
  });

  await test.step('an edited instruction with both texts, and an argument', async () => {
    await writeFile(join(folder, 'Dockerfile'), DOCKERFILE.replace('echo one', 'echo two'));
    await project.expectStates({ 4: 'predicted: cached', 5: 'predicted: will rebuild' });
    await project.line(5).click();
    await expect(pane).toContainText('“RUN echo one > /one.txt” became “RUN echo two > /one.txt”');
    await writeFile(join(folder, 'Dockerfile'), DOCKERFILE.replace('VERSION=1', 'VERSION=2'));
    await project.expectStates({ 5: 'predicted: will rebuild' });
    await project.line(5).click();
    await expect(pane).toContainText('Build argument VERSION changed: “1” became “2”.');
  });

  await test.step('a moved base with both digests', async () => {
    await writeFile(join(folder, 'Dockerfile'), DOCKERFILE);
    await project.expectStates({ 3: 'predicted: cached' });
    const other = await box.files('other', { Dockerfile: 'FROM busybox:1.36\nLABEL other=yes\n' });
    expect((await box.strata(['build', other, '-t', 'busybox:1.36'])).code).toBe(0);
    await project.expectStates({ 1: 'predicted: will rebuild' });
    await project.line(1).click();
    await expect(pane).toContainText(
      /The base image .*busybox:1\.36 moved: sha256:[0-9a-f]{64} became sha256:/,
    );
  });

  await test.step('the cache turned off', async () => {
    await app.command('without the cache');
    await project.isBuilt();
    await page.getByRole('tab', { name: /^Reasons/ }).click();
    await project.line(3).click();
    await expect(pane).toContainText('The cache is turned off for this build.');
  });
});

test('what cannot be known before the build is named', async ({ app, box }) => {
  const folder = await box.files('home/open', {
    ...FILES,
    Dockerfile: 'FROM busybox:1.36\nADD https://127.0.0.1:1/file.txt /file.txt\nRUN true\n',
  });
  const { page } = app;
  const project = new ProjectPage(app);
  await new ProjectsPage(app).openFolder(folder);
  await page.getByRole('tab', { name: /^Reasons/ }).click();
  await project.line(1).click();
  await expect(reasonsPane(page)).toContainText(
    'The base image busybox:1.36 is not in the store; it will be fetched.',
  );
  await project.line(2).click();
  await expect(reasonsPane(page)).toContainText(
    'Whether https://127.0.0.1:1/file.txt has changed is seen only when the build asks for it.',
  );
});

test('a step that fails or is cancelled has no missing earlier build for its reason', async ({
  app,
  box,
}) => {
  const folder = await box.files('home/bad', {
    Dockerfile: 'FROM busybox:1.36\nRUN echo fine\nRUN exit 3\n',
  });
  const { page } = app;
  const project = new ProjectPage(app);
  await new ProjectsPage(app).openFolder(folder);
  await project.buildButton.click();
  await project.expectStates({ 3: /failed/ });
  await page.getByRole('tab', { name: /^Reasons/ }).click();
  await project.line(3).click();
  await expect(reasonsPane(page)).toContainText('It ran and failed');
  await expect(page.getByText('no earlier build')).toHaveCount(0);
});

test('in a small window every step still says how it stands', async ({ app, box }) => {
  const folder = await box.files('home/shop', FILES);
  const { page } = app;
  await page.setViewportSize({ width: 900, height: 600 });
  const project = new ProjectPage(app);
  await new ProjectsPage(app).openFolder(folder);
  await project.build();
  await appendFile(join(folder, 'src/a.txt'), 'more\n');
  const source = page.getByRole('list', { name: 'Dockerfile' });
  await expect(source.getByText('will rebuild')).toHaveCount(3);
  await expect(source.getByText('will rebuild').first()).toBeInViewport();
  await expect(source.getByText('cached').first()).toBeInViewport();
});
