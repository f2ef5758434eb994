import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '../fixtures/browser-test.ts';
import { NODE_PROJECT } from '../fixtures/course.ts';
import { ProjectPage } from '../pages/project-page.ts';
import { ProjectsPage } from '../pages/projects-page.ts';

test.describe.configure({ timeout: 150_000 });

test('a project is built twice, its differing files are listed with why, and made reproducible it is equal', async ({
  app,
  box,
}) => {
  const folder = await box.files('home/shop', NODE_PROJECT);
  const { page } = app;
  await new ProjectsPage(app).openFolder(folder);
  const verify = async () => {
    await page.getByRole('button', { name: 'More for this project' }).click();
    await page.getByRole('menuitem', { name: /^Verify/ }).click();
  };
  const dialog = app.dialog('Verify shop');
  await verify();
  await expect(dialog).toContainText('Nothing of it is kept');
  await dialog.getByRole('button', { name: 'Verify' }).click();
  await expect(dialog.getByRole('list', { name: 'Steps' })).toContainText('RUN npm ci');
  await expect(dialog).toContainText('Only times differ', { timeout: 60_000 });
  const files = dialog.getByRole('listitem');
  await expect(files.filter({ hasText: '/app/node_modules/express/index.js' })).toContainText(/time 20\d\d-/);
  await dialog.getByRole('button', { name: 'Make the project reproducible and verify again' }).click();
  await expect(dialog).toContainText('Both builds gave the same image, byte for byte', { timeout: 60_000 });
  await dialog.getByRole('button', { name: 'Close' }).last().click();

  // The switch is remembered in the options, and more than times is told with what it is.
  await page.getByRole('main').getByRole('button', { name: 'Options…' }).click();
  await expect(page.getByRole('checkbox', { name: /^Reproducible/ })).toBeChecked();
  await page.keyboard.press('Escape');
  await appendFile(join(folder, 'Dockerfile'), 'RUN cat /proc/sys/kernel/random/uuid > /random.log\n');
  await expect(new ProjectPage(app).line(7)).toBeVisible();
  await verify();
  await dialog.getByRole('button', { name: 'Verify' }).click();
  const random = files.filter({ hasText: '/random.log' });
  await expect(random).toContainText('other content of 37 bytes', { timeout: 60_000 });
  await expect(random).toContainText('A log with times in it');
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  // Nothing was kept: no image beside the base, no record.
  await app.go('Builds');
  await expect(app.page.getByRole('heading', { name: 'No builds yet' })).toBeVisible();
});

test('verifying can be left in the background, and cancelled', async ({ app, box }) => {
  const folder = await box.files('home/slow', {
    Dockerfile: 'FROM busybox:1.36\nRUN sleep 300\n',
  });
  const { page } = app;
  await new ProjectsPage(app).openFolder(folder);
  await app.command('Verify this project');
  const dialog = app.dialog('Verify slow');
  await dialog.getByRole('button', { name: 'Verify' }).click();
  await expect(dialog.getByRole('list', { name: 'Steps' })).toContainText('building');
  await expect(dialog.getByRole('status')).toHaveText('Building for the first time');
  await dialog.getByRole('button', { name: 'Run in background' }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole('button', { name: 'Running: Verify slow' }).click();
  await page.getByRole('menuitem', { name: /^Verify slow/ }).click();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toContainText('Nothing was left behind');
});
