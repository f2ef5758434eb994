import { basename } from 'node:path';
import { expect, test } from '../fixtures/browser-test.ts';
import { ProjectPage } from '../pages/project-page.ts';

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
