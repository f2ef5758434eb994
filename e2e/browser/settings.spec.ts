import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '../fixtures/browser-test.ts';

test('a mirror, an insecure host and the theme are kept in settings.json', async ({ app, box }) => {
  await app.go('Settings');
  const { page } = app;
  await page.getByRole('textbox', { name: 'New mirror' }).fill('quay.io = localhost:5999');
  await page.getByRole('button', { name: 'Add mirror' }).click();
  await expect(page.getByRole('list', { name: 'mirrors' })).toContainText('quay.io = localhost:5999');
  await page.getByRole('textbox', { name: 'New insecure host' }).fill('registry.lan:5000');
  await page.getByRole('button', { name: 'Add insecure host' }).click();
  await expect(page.getByRole('button', { name: 'Remove insecure host registry.lan:5000' })).toBeVisible();
  await page.getByRole('radio', { name: 'Dark' }).click();
  await expect
    .poll(async () => JSON.parse(await readFile(join(box.data, 'settings.json'), 'utf8')))
    .toMatchObject({
      theme: 'dark',
      mirrors: { 'quay.io': 'localhost:5999' },
      insecureHosts: ['registry.lan:5000'],
    });
  await page.reload();
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
});

test('diagnostics tell each finding with its mend', async ({ app }) => {
  await app.go('Settings');
  const region = app.page.getByRole('region', { name: 'Diagnostics' });
  await expect(region.getByRole('listitem').filter({ hasText: /^Data folder/ })).toContainText(
    'can be written',
  );
  await expect(region.getByRole('listitem').filter({ hasText: /^RUN steps/ })).toContainText('namespaces');
  await expect(region.getByRole('status')).toContainText(/Docker.*The rest is all right/);
  // What needs mending stands first; other platforms are told of.
  await expect(region.getByRole('listitem').first()).toContainText('Strata works without it.');
  await expect(region.getByRole('listitem').filter({ hasText: 'Other platforms' })).toContainText('linux/');
  await region.getByRole('button', { name: 'Check again' }).click();
  await expect(region.getByRole('listitem').filter({ hasText: 'Docker' })).toContainText('no-docker.sock');
});

test('storage shows what uses the disk, and a clean-up asks, frees and tells', async ({ app, box }) => {
  const folder = await box.files('app', { Dockerfile: 'FROM busybox:1.36\nRUN seq 99999 > /numbers\n' });
  await box.strata(['build', folder, '-t', 'demo:1']);
  await box.strata(['untag', 'demo:1']);
  await app.go('Storage');
  const main = app.page.getByRole('main');
  await expect(main).toContainText('Images and layers');
  await main
    .getByRole('button', { name: /^Clean up/ })
    .first()
    .click();
  await app.page
    .getByRole('dialog')
    .getByRole('button', { name: /^Clean up/ })
    .click();
  await expect(app.notices).toContainText(/[Ff]reed/);
  const names = (await box.strata(['images', '--json'])).events.map((image) => image.names);
  expect(names).toEqual([['busybox:1.36']]);
});
