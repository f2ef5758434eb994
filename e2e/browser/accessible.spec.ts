import { expect, test } from '../fixtures/browser-test.ts';
import { findViolations } from '../fixtures/violations.ts';
import { type AppPage, SCREENS } from '../pages/app-page.ts';
import { ProjectPage } from '../pages/project-page.ts';
import { ProjectsPage } from '../pages/projects-page.ts';

const DOCKERFILE = `FROM busybox:latest AS Base
WORKDIR app
COPY . .
RUN echo one && echo two
FROM base
CMD node server.js
`;

/** Fails with every rule that what is drawn breaks, in the dark and in the light. */
async function expectAccessible(app: AppPage, where: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await app.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect.poll(() => findViolations(app.page), `${where}, ${colorScheme}`).toEqual([]);
  }
}

async function everyTab(app: AppPage, where: string): Promise<void> {
  const tabs = await app.page.getByRole('tab').all();
  for (const tab of tabs) {
    await tab.click();
    await expect(tab).toHaveAttribute('aria-selected', 'true');
    await expectAccessible(app, `${where}: ${await tab.textContent()}`);
  }
}

test('every screen can be used with a screen reader and has enough contrast', async ({ app }) => {
  for (const name of SCREENS) {
    await app.go(name);
    await expectAccessible(app, `${name} without anything`);
  }
});

test('so do a project with findings, its build, its image, and the dialogs', async ({ app, box }) => {
  test.setTimeout(240_000);
  const folder = await box.files('home/finds', { Dockerfile: DOCKERFILE, 'server.js': '1\n' });
  await box.strata(['build', folder, '-t', 'acme/finds:1']);
  await expect(app.page.getByRole('heading', { name: /Built from the terminal/ })).toBeVisible();
  await expectAccessible(app, 'folders that the terminal built');
  await new ProjectsPage(app).openFolder(folder);
  await everyTab(app, 'project');
  await new ProjectPage(app).build();
  await everyTab(app, 'built project');
  for (const name of ['Projects', 'Images', 'Builds', 'Registries', 'Storage', 'Tags'] as const) {
    await app.go(name);
    await expectAccessible(app, `${name} with something`);
  }
  await app.go('Images');
  await app.page
    .getByRole('grid', { name: 'Images' })
    .getByRole('row', { name: /acme\/finds/ })
    .click();
  await everyTab(app, 'image');
  for (const words of ['Tag…', 'Push…', 'Compare…'] as const) {
    await app.page.getByRole('main').getByRole('button', { name: words }).click();
    await expectAccessible(app, words);
    await app.page.keyboard.press('Escape');
    await expect(app.page.getByRole('dialog')).toHaveCount(0);
  }
  for (const [keys, name] of [
    ['Control+k', 'All commands'],
    ['?', 'Keyboard shortcuts'],
    ['Control+o', 'Open a folder'],
  ] as const) {
    await app.page.keyboard.press(keys);
    await expect(app.dialog(name)).toBeVisible();
    await expectAccessible(app, name);
    await app.page.keyboard.press('Escape');
    await expect(app.dialog(name)).toBeHidden();
  }
});
