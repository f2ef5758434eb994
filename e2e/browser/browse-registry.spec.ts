import { startRegistry } from '#electron/engine/testing/start-registry.ts';
import { type RealRegistry, startRealRegistry } from '#electron/registry/testing/real-registry.ts';
import { expect, test } from '../fixtures/browser-test.ts';
import { pushManyTags } from '../fixtures/many-tags.ts';
import { makeRawImage, pushRaw, type RawImage } from '../fixtures/raw-image.ts';
import { filesTar } from '../fixtures/root-fs.ts';
import { NO_BROWSER } from '../fixtures/tools.ts';
import { RegistryPage } from '../pages/registry-page.ts';

test.skip(NO_BROWSER !== null, NO_BROWSER ?? '');

const MANY = 3000;
let own: RealRegistry;
let images: RawImage[];

test.beforeAll(async () => {
  test.setTimeout(120_000);
  own = await startRealRegistry();
  images = [];
  for (const text of ['one', 'two', 'three'])
    images.push(makeRawImage([await filesTar({ 'etc/motd': text })]));
  await pushManyTags(own.host, 'team/many', images, MANY);
  const [first] = images;
  if (first !== undefined) await pushRaw(own.host, 'team/small', '1.0', first);
});
test.afterAll(() => own.close());

test('a registry is opened by its host and lists its repositories, which are searched', async ({ app }) => {
  const registry = new RegistryPage(app);
  await registry.open(own.host);
  await expect(registry.repositories.getByRole('row', { name: 'team/many' })).toBeVisible();
  await expect(registry.repositories.getByRole('row', { name: 'team/small' })).toBeVisible();
  await app.page.getByRole('searchbox', { name: 'Search repositories' }).fill('small');
  await expect(registry.repositories.getByRole('row', { name: 'team/many' })).toHaveCount(0);
  await registry.repositories.focus();
  await app.page.keyboard.press('Enter');
  await expect(app.heading('team/small')).toBeVisible();
  const row = registry.tag('1.0');
  await expect(row).toContainText('linux/');
  await expect(row).toContainText(images[0]?.manifest.digest.slice(7, 11) ?? '');
});

test('three thousand tags are listed, and only those in view are asked what they name', async ({ app }) => {
  const registry = new RegistryPage(app);
  const asked: string[] = [];
  app.page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      const call = /registries\/tag"/.test(String(payload)) ? /many:([\w.-]+)/.exec(String(payload)) : null;
      if (call?.[1] !== undefined) asked.push(call[1]);
    }),
  );
  await app.page.reload();
  await app.isReady();
  await registry.open(`${own.host}/team/many`);
  await expect(registry.tags).toHaveAttribute('aria-rowcount', String(MANY + images.length + 1));
  await expect(registry.tag('1.2999.0')).toContainText('linux/');
  expect(asked.length).toBeGreaterThan(5);
  expect(asked.length).toBeLessThan(100);

  await registry.tags.focus();
  // Each press leads to the end of what was listed so far, and has more of it listed.
  await expect(async () => {
    await app.page.keyboard.press('End');
    await expect(registry.tag('1.0.0')).toContainText('linux/', { timeout: 1000 });
  }).toPass({ timeout: 30_000 });
  expect(asked.length).toBeLessThan(400);

  await app.page.getByRole('searchbox', { name: 'Search tags' }).fill('.77.');
  await expect(registry.tags.getByRole('row')).toHaveCount(2);
  await expect(registry.tag('1.77.0')).toBeVisible();
});

test('a tag is deleted once its name was typed, and its reference is copied', async ({ app, page }) => {
  const [first] = images;
  if (first !== undefined) await pushRaw(own.host, 'team/gone', '1.0', first);
  const registry = new RegistryPage(app);
  await registry.open(`${own.host}/team/gone`);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await registry.choose('1.0', 'Copy name@digest');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    `${own.host}/team/gone@${first?.manifest.digest}`,
  );
  await registry.tags.focus();
  await page.keyboard.press('Delete');
  const dialog = app.dialog('Delete 1.0?');
  await expect(dialog.getByRole('button', { name: 'Delete the tag' })).toBeDisabled();
  await dialog.getByRole('textbox').fill('1.0');
  await dialog.getByRole('button', { name: 'Delete the tag' }).click();
  const whole = app.dialog('Delete the image with all its tags?');
  await expect(whole).toContainText('does not delete a tag alone');
  await whole.getByRole('textbox').fill('1.0');
  await whole.getByRole('button', { name: 'Delete the image' }).click();
  await expect(whole).toBeHidden();
  await expect(registry.tag('1.0')).toHaveCount(0);
});

test('where deleting is turned off the registry is not blamed for something else', async ({ app }) => {
  const fixed = await startRegistry({ deletes: false });
  try {
    const [first] = images;
    if (first !== undefined) await pushRaw(fixed.host, 'team/kept', '1.0', first);
    const registry = new RegistryPage(app);
    await registry.open(`${fixed.host}/team/kept`);
    await registry.choose('1.0', 'Delete…');
    await app
      .dialog(/^Delete/)
      .getByRole('textbox')
      .fill('1.0');
    await app
      .dialog(/^Delete/)
      .getByRole('button', { name: 'Delete the tag' })
      .click();
    await app
      .dialog(/^Delete the image/)
      .getByRole('textbox')
      .fill('1.0');
    await app
      .dialog(/^Delete/)
      .getByRole('button', { name: 'Delete the image' })
      .click();
    await expect(app.dialog(/^Delete/).getByRole('alert')).toContainText('deleting is turned off there');
    await app
      .dialog(/^Delete/)
      .getByRole('button', { name: 'Cancel' })
      .click();
    await expect(registry.tag('1.0')).toHaveCount(1);
  } finally {
    await fixed.remove();
  }
});
