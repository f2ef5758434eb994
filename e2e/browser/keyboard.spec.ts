import { basename } from 'node:path';
import { expect, test } from '../fixtures/browser-test.ts';
import { ImagesPage } from '../pages/images-page.ts';
import { ProjectPage } from '../pages/project-page.ts';
import { ProjectsPage } from '../pages/projects-page.ts';
import { openPull, TransferDialog } from '../pages/transfer-dialog.ts';

test('the whole way from folder to image goes by keyboard', async ({ app, box }) => {
  const folder = await box.files('home/keys', { Dockerfile: 'FROM busybox:1.36\nRUN echo by keyboard\n' });
  const { keyboard } = app.page;
  await keyboard.press('Control+o');
  const chooser = app.dialog('Open a folder');
  await expect(chooser.getByRole('option', { name: /keys/ })).toBeVisible();
  await chooser.getByRole('listbox').focus();
  await keyboard.press('k');
  await expect(chooser.getByRole('option', { name: /keys/ })).toHaveAttribute('aria-selected', 'true');
  for (let tab = 0; tab < 3; tab += 1) {
    await keyboard.press('Tab');
    if (
      await chooser
        .getByRole('button', { name: `Open ${basename(folder)}` })
        .evaluate((it) => it === document.activeElement)
    )
      break;
  }
  await keyboard.press('Enter');
  await expect(app.heading('keys')).toBeVisible();

  await app.command('build this project');
  const project = new ProjectPage(app);
  await project.isBuilt();
  await app.command('Images');
  await expect(app.heading('Images')).toBeVisible();
  await keyboard.press('Control+1');
  await expect(app.heading('Projects')).toBeVisible();
  await keyboard.press('Alt+ArrowLeft');
  await expect(app.heading('Images')).toBeVisible();
});

test('every screen is reached by its shortcut', async ({ app }) => {
  const screens = ['Projects', 'Images', 'Builds', 'Containers', 'Registries', 'Storage'];
  for (const [at, name] of screens.entries()) {
    await app.page.keyboard.press(`Control+${at + 1}`);
    await expect(app.heading(name)).toBeVisible();
  }
  await app.page.keyboard.press('Control+,');
  await expect(app.heading('Settings')).toBeVisible();
});

test('the palette finds commands by words, and Escape closes it where one was', async ({ app }) => {
  await app.page.keyboard.press('Control+k');
  const find = app.page.getByRole('combobox', { name: 'Find a command' });
  await find.fill('regis');
  await expect(app.page.getByRole('option').first()).toContainText(/regis/i);
  await find.fill('no such command at all');
  await expect(app.page.getByRole('option')).toHaveCount(0);
  await app.page.keyboard.press('Escape');
  await expect(find).toBeHidden();
  await expect(app.heading('Projects')).toBeVisible();
});

test('dark and light follow the system or what was chosen, also after a reload', async ({ app }) => {
  const background = () => app.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await app.page.emulateMedia({ colorScheme: 'light' });
  const light = await background();
  await app.page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(background).not.toBe(light);
  const dark = await background();
  await app.command('Appearance: light');
  await expect.poll(background).toBe(light);
  await app.page.reload();
  await expect.poll(background).toBe(light);
  await app.command('Appearance: dark');
  await app.page.emulateMedia({ colorScheme: 'light' });
  await expect.poll(background).toBe(dark);
});

test('a dialog gives the focus back to what it was opened from', async ({ app, box }) => {
  await box.strata(['pull', 'busybox:1.36']);
  await app.page.goto(`${app.origin}/#/image/builtin/${encodeURIComponent('busybox:1.36')}`);
  const { keyboard } = app.page;
  const main = app.page.getByRole('main');
  for (const name of ['Tag…', 'Push…']) {
    const button = main.getByRole('button', { name });
    await button.focus();
    await keyboard.press('Enter');
    await expect(app.page.getByRole('dialog').getByRole('textbox').first()).toBeFocused();
    await keyboard.press('Escape');
    await expect(button).toBeFocused();
  }
  const more = main.getByRole('button', { name: 'More about busybox:1.36' });
  await more.focus();
  await keyboard.press('Enter');
  await expect(app.page.getByRole('menu')).toBeVisible();
  await keyboard.press('ArrowDown');
  await expect(app.page.getByRole('menuitem', { name: 'Push…' })).toBeFocused();
  await keyboard.press('Enter');
  await expect(app.dialog(/^Push/)).toBeVisible();
  await keyboard.press('Escape');
  await expect(more).toBeFocused();
});

test('the keys are listed, and the menu of a row opens by one of them', async ({ app, box }) => {
  await box.strata(['pull', 'busybox:1.36']);
  const { keyboard } = app.page;
  await keyboard.press('?');
  await expect(app.dialog('Keyboard shortcuts')).toContainText('Ctrl K');
  await keyboard.press('Escape');
  await keyboard.press('Alt+2');
  const grid = app.page.getByRole('grid', { name: 'Images' });
  await expect(grid.getByRole('row', { name: /busybox/ })).toBeVisible();
  await grid.focus();
  await keyboard.press('Shift+Enter');
  await expect(app.page.getByRole('menu')).toBeFocused();
  await keyboard.press('ArrowDown');
  await expect(app.page.getByRole('menuitem').first()).toBeFocused();
  await keyboard.press('Escape');
  await expect(app.page.getByRole('menu')).toHaveCount(0);
  await grid.focus();
  await keyboard.press('Delete');
  await expect(app.dialog('Remove the image')).toBeVisible();
  await keyboard.press('Escape');
  await expect(grid).toBeFocused();
});

test('Home and End reach the ends of a long log, and the search every line of it', async ({ app, box }) => {
  const command = 'i=1; while [ $i -le 3000 ]; do echo "line $i $(printf %0200d $i)"; i=$((i+1)); done';
  const folder = await box.files('home/log', { Dockerfile: `FROM busybox:1.36\nRUN ${command}\n` });
  await box.strata(['build', folder]);
  await app.go('Builds');
  await app.page.getByRole('grid', { name: 'Builds' }).getByRole('row', { name: /log/ }).click();
  const project = new ProjectPage(app);
  await project.line(2).click();
  await app.page.getByRole('tab', { name: /^Log/ }).click();
  await expect(project.log).toContainText('line 1 0');
  await project.log.focus();
  await app.page.keyboard.press('End');
  await expect(project.log.getByText('line 3000 0')).toBeInViewport();
  await app.page.keyboard.press('Home');
  await expect(project.log.getByText('line 1 0')).toBeInViewport();
  await app.page.getByRole('searchbox', { name: 'Search the log' }).fill('line 1234 ');
  await expect(project.log.locator('mark')).toBeInViewport();
});

test('an image is tagged and pushed without a mouse', async ({ app, box, registry }) => {
  await box.strata(['pull', 'busybox:1.36']);
  const { keyboard } = app.page;
  await keyboard.press('Alt+2');
  const grid = app.page.getByRole('grid', { name: 'Images' });
  await expect(grid.getByRole('row', { name: /busybox/ })).toBeVisible();
  await grid.focus();
  await keyboard.press('Enter');
  await expect(app.heading('busybox')).toBeVisible();
  await keyboard.press('t');
  await expect(app.dialog('Tags').getByRole('textbox')).toBeFocused();
  await keyboard.press('Control+a');
  await keyboard.type(`${registry}/by/keyboard:1.0`);
  await keyboard.press('Enter');
  await expect(app.dialog('Tags').getByRole('listitem').filter({ hasText: '1.0' })).toHaveCount(1);
  await keyboard.press('Escape');
  await expect(app.page.getByRole('dialog')).toHaveCount(0);
  await keyboard.press('p');
  await expect(app.dialog(/^Push/).getByRole('textbox', { name: 'Where to' })).toHaveValue(
    `${registry}/by/keyboard:1.0`,
  );
  await expect(app.dialog(/^Push/).getByRole('button', { name: 'Push', exact: true })).toBeEnabled();
  await keyboard.press('Enter');
  await expect(
    app
      .dialog(/^Push/)
      .getByRole('status')
      .getByText(/^sha256:[0-9a-f]{64}$/),
  ).toBeVisible();
  await keyboard.press('Escape');
  await expect(app.page.getByRole('dialog')).toHaveCount(0);
});

test('the focus stays where the work is: Build becomes Cancel, and a pull ends at what goes on', async ({
  app,
  box,
}) => {
  const folder = await box.files('home/slow', { Dockerfile: 'FROM busybox:1.36\nRUN sleep 30\n' });
  await new ProjectsPage(app).openFolder(folder);
  const project = new ProjectPage(app);
  await project.buildButton.focus();
  await app.page.keyboard.press('Enter');
  await expect(project.cancelButton).toBeFocused();
  await app.page.keyboard.press('Enter');
  await expect(project.result).toContainText('Cancelled');
  await expect(project.buildButton).toBeFocused();

  await openPull(app, 'nginx:1.27-alpine');
  const pull = new TransferDialog(app, 'Pull');
  await pull.digest();
  await expect(pull.button('Close').last()).toBeFocused();
  await app.page.keyboard.press('Enter');
  await expect(pull.frame).toBeHidden();
});

test('the focus is in the list when the row that had it was removed', async ({ app, box }) => {
  const folder = await box.files('home/small', { Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n' });
  expect((await box.strata(['build', folder, '-t', 'small:1'])).code).toBe(0);
  await app.go('Images');
  const images = new ImagesPage(app);
  await expect(images.row(/small/)).toHaveCount(1);
  await images.choose('small:1', 'Remove…');
  await app
    .dialog(/^Remove/)
    .getByRole('button', { name: 'Remove', exact: true })
    .click();
  await expect(images.row(/small/)).toHaveCount(0);
  await expect(app.dialog(/^Remove/)).toBeHidden();
  expect(await app.page.evaluate(() => document.activeElement?.tagName)).not.toBe('BODY');
});
