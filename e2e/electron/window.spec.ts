import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NODE_PROJECT } from '../fixtures/course.ts';
import { answerFolderDialog, noWindow, startDesktop } from '../fixtures/desktop.ts';
import { expect, test } from '../fixtures/test.ts';
import { ImagePage } from '../pages/image-page.ts';
import { ProjectPage } from '../pages/project-page.ts';
import { TagDialog } from '../pages/tag-dialog.ts';
import { TransferDialog } from '../pages/transfer-dialog.ts';

test.describe('the window (needs the Electron binary)', () => {
  const missing = noWindow();
  test.skip(missing !== null, missing ?? '');
  test.describe.configure({ timeout: 120_000 });

  test('from a project folder to a pushed image', async ({ box, registry }) => {
    const folder = await box.files('home/shop', NODE_PROJECT);
    const desktop = await startDesktop(box);
    const { app } = desktop;
    try {
      await answerFolderDialog(desktop, folder);
      await app.page.getByRole('main').getByRole('button', { name: 'Open folder…' }).click();
      await expect(app.heading('shop')).toBeVisible();
      const project = new ProjectPage(app);
      await project.expectStates({ 5: 'predicted: will build' });
      await project.build();
      await appendFile(join(folder, 'src/server.js'), '// edited\n');
      await expect(project.reasons(5)).toContainText('src/server.js changed');
      await project.build();
      await project.expectStates({ 4: 'cached', 5: 'rebuilt', 6: 'rebuilt' });

      await project.openImage();
      const image = new ImagePage(app);
      await image.layer('COPY . .').click();
      await expect(image.file('src')).toBeVisible();
      await image.openTags();
      const tags = new TagDialog(app);
      await tags.add(`${registry}/desktop/shop:1.0.0`);
      await tags.close();
      await image.openPush();
      const push = new TransferDialog(app, 'Push');
      await push.button('Push').click();
      const digest = await push.digest();
      const env = { STRATA_HOME: join(box.folder, 'empty') };
      const pulled = await box.strata(['pull', `${registry}/desktop/shop@${digest}`, '--json'], { env });
      expect(pulled.events.at(-1)).toMatchObject({ ok: true, digest });
    } finally {
      await desktop.electron.close();
    }
  });

  test('the page is out of reach of Node, and leads nowhere else', async ({ box }) => {
    const { electron, app } = await startDesktop(box);
    try {
      expect(app.page.url()).toMatch(/^app:\/\//);
      const reach = await app.page.evaluate(() => [
        typeof Reflect.get(globalThis, 'require'),
        typeof Reflect.get(globalThis, 'process'),
      ]);
      expect(reach).toEqual(['undefined', 'undefined']);
      await app.page.evaluate(() => window.open('https://example.com'));
      await app.page.evaluate(() => location.assign('https://example.com')).catch(() => {});
      expect(electron.windows()).toHaveLength(1);
      expect(app.page.url()).toMatch(/^app:\/\//);
    } finally {
      await electron.close();
    }
  });

  test('size and place of the window are kept', async ({ box }) => {
    const first = await startDesktop(box);
    const size = { width: 1111, height: 777 };
    await first.electron.evaluate(({ BrowserWindow }, { width, height }) => {
      BrowserWindow.getAllWindows()[0]?.setSize(width, height);
    }, size);
    await first.electron.close();
    const second = await startDesktop(box);
    try {
      const kept = await second.electron.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.getSize(),
      );
      expect(kept).toEqual([size.width, size.height]);
    } finally {
      await second.electron.close();
    }
  });
});
