import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '../fixtures/browser-test.ts';
import { ProjectPage } from '../pages/project-page.ts';
import { ProjectsPage } from '../pages/projects-page.ts';

test.use({ hostEnv: { CI_TOKEN: 'token of the environment' } });

test('secrets are given by file and by variable; their values are remembered nowhere', async ({
  app,
  box,
}) => {
  const folder = await box.files('home/shop', {
    Dockerfile: [
      'FROM busybox:1.36',
      'RUN --mount=type=secret,id=npmrc --mount=type=secret,id=token \\',
      '    wc -c < /run/secrets/npmrc && wc -c < /run/secrets/token',
    ].join('\n'),
  });
  await box.files('home', { '.npmrc': 'value of the file' });
  const { page } = app;
  const project = new ProjectPage(app);
  await new ProjectsPage(app).openFolder(folder);
  await page.getByRole('main').getByRole('button', { name: 'Options…' }).click();
  const dialog = app.dialog('Build options of shop');
  await dialog.getByRole('button', { name: 'Choose the file of npmrc' }).click();
  // One Escape a dialog, though the button that has the focus then shows its hint.
  await expect(app.dialog('File of npmrc')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(app.dialog('File of npmrc')).toBeHidden();
  await expect(dialog.getByRole('button', { name: 'Choose the file of npmrc' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await page.getByRole('main').getByRole('button', { name: 'Options…' }).click();
  await dialog.getByRole('button', { name: 'Choose the file of npmrc' }).click();
  const chooser = app.dialog('File of npmrc');
  await expect(chooser.getByRole('button', { name: 'Choose' })).toHaveAttribute('aria-disabled', 'true');
  await chooser.getByRole('textbox', { name: 'Path' }).fill(box.home);
  await page.keyboard.press('Enter');
  await chooser.getByRole('option', { name: '.npmrc' }).click();
  // Enter chooses; it does not save the dialog below.
  await chooser.getByRole('button', { name: 'Choose .npmrc' }).click();
  await expect(chooser).toBeHidden();
  await expect(dialog.getByRole('textbox', { name: 'File of npmrc' })).toHaveValue(join(box.home, '.npmrc'));
  await expect(dialog.getByRole('button', { name: 'Choose the file of npmrc' })).toBeFocused();
  await dialog.getByRole('combobox', { name: 'Place of token' }).click();
  await page.getByRole('option', { name: 'in the variable' }).click();
  await dialog.getByRole('textbox', { name: 'Variable of token' }).fill('not a name');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(dialog).toContainText('The name of a variable has letters');
  await dialog.getByRole('textbox', { name: 'Variable of token' }).fill('CI_TOKEN');
  await dialog.getByRole('button', { name: 'Save and build' }).click();
  await project.isBuilt();
  await project.line(2).click();
  await expect(project.log).toContainText(/17.*24/s);

  const stored = await readFile(join(box.data, 'projects.json'), 'utf8');
  expect(JSON.parse(stored).projects[0].options.secrets).toEqual([
    { id: 'npmrc', file: join(box.home, '.npmrc') },
    { id: 'token', env: 'CI_TOKEN' },
  ]);
  expect(stored).not.toContain('value of the file');

  // They can be taken away again.
  await page.getByRole('main').getByRole('button', { name: 'Options…' }).click();
  await dialog.getByRole('textbox', { name: 'Variable of token' }).fill('');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole('main').getByRole('button', { name: 'Options…' }).click();
  await expect(dialog.getByRole('textbox', { name: 'File of token' })).toHaveValue('');
  await expect(dialog.getByRole('textbox', { name: 'File of npmrc' })).toHaveValue(join(box.home, '.npmrc'));
});
