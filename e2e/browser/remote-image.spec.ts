import { randomBytes } from 'node:crypto';
import { type RealRegistry, startRealRegistry } from '#electron/registry/testing/real-registry.ts';
import { expect, test } from '../fixtures/browser-test.ts';
import { makeRawImage, pushRaw, pushRawIndex, type RawImage } from '../fixtures/raw-image.ts';
import { filesTar } from '../fixtures/root-fs.ts';
import { NO_BROWSER, NO_OTHER_TOOLS, skopeoInspect } from '../fixtures/tools.ts';
import { ImagePage } from '../pages/image-page.ts';
import { ImagesPage } from '../pages/images-page.ts';
import { RegistryPage } from '../pages/registry-page.ts';
import { TransferDialog } from '../pages/transfer-dialog.ts';

const missing = NO_BROWSER ?? NO_OTHER_TOOLS;
test.skip(missing !== null, missing ?? '');

let own: RealRegistry;
let target: RealRegistry;
let image: RawImage;
let arm: RawImage;

test.beforeAll(async () => {
  [own, target] = await Promise.all([startRealRegistry(), startRealRegistry()]);
  const large = await filesTar({ 'usr/share/large.txt': randomBytes(3_000_000).toString('base64') });
  const top = await filesTar({ 'etc/motd': 'hello from there\n' });
  image = makeRawImage([large, top], { Env: ['COLOUR=teal'], Cmd: ['/bin/app'] });
  arm = makeRawImage([top], { Cmd: ['/bin/arm'] }, 's390x');
  await pushRaw(own.host, 'team/app', '1.0', image);
  const [processor] = process.arch === 'x64' ? ['amd64'] : [process.arch];
  await pushRawIndex(own.host, 'team/multi', '2.0', { [processor ?? '']: image, s390x: arm });
});
test.afterAll(() => Promise.all([own.close(), target.close()]));

test('an image is looked at where it is: config at once, files of a large layer once one asks', async ({
  app,
  page,
}) => {
  const registry = new RegistryPage(app);
  await registry.open(`${own.host}/team/app:1.0`);
  const shown = new ImagePage(app);
  await expect(shown.layers.getByRole('option')).toHaveCount(2);
  await expect(await shown.tab('Config')).toContainText('COLOUR=teal');
  await shown.tab('Files');
  await expect(shown.file('motd')).toBeVisible();
  await expect(page.getByText('1 layer below was not read')).toBeVisible();

  await shown.layer('layer 0 of a test').click();
  await expect(
    page.getByRole('heading', { name: 'The files of this layer are at the registry' }),
  ).toBeVisible();
  const read = page.getByRole('button', { name: /^Read 1 layer, 2\.\d MB|^Read 1 layer, 3\.\d MB/ });
  await read.click();
  await expect(shown.file('large.txt')).toBeVisible();
  await shown.layer('layer 1 of a test').click();
  await expect(page.getByText('was not read')).toHaveCount(0);
  await expect(shown.file('motd')).toBeVisible();
  await expect(await shown.tab('Waste')).toContainText('Nothing is wasted');
  await app.go('Images');
  await expect(new ImagesPage(app).grid).toHaveCount(0);
});

test('another platform of a list is chosen, and pulled from there', async ({ app, page }) => {
  const registry = new RegistryPage(app);
  await registry.open(`${own.host}/team/multi`);
  await expect(registry.tag('2.0')).toContainText('linux/s390x');
  await registry.tag('2.0').click({ position: { x: 40, y: 12 } });
  const shown = new ImagePage(app);
  await expect(await shown.tab('Config')).toContainText('/bin/app');
  await page.getByRole('combobox', { name: 'Platform' }).click();
  await page.getByRole('option', { name: 'linux/s390x' }).click();
  await expect(await shown.tab('Config')).toContainText('/bin/arm');
  await page.getByRole('main').getByRole('button', { name: 'Pull…' }).click();
  const pull = new TransferDialog(app, 'Pull');
  await pull.button('Pull').click();
  expect(await pull.digest()).toBe(arm.manifest.digest);
});

test('an image there is compared with one here', async ({ app, page, box }) => {
  const context = await box.files('app', { Dockerfile: 'FROM scratch\nCOPY a /etc/motd\n', a: 'from here' });
  await box.strata(['build', context, '-t', 'here/app:1']);
  const registry = new RegistryPage(app);
  await registry.open(`${own.host}/team/app:1.0`);
  await expect(new ImagePage(app).layers).toBeVisible();
  await page.getByRole('main').getByRole('button', { name: 'Compare…' }).click();
  const dialog = app.dialog(/^Compare/);
  await dialog.getByRole('option', { name: /here\/app:1/ }).click();
  await dialog.getByRole('button', { name: 'Compare' }).click();
  await expect(page.getByRole('heading', { name: 'What is compared is at the registry' })).toBeVisible();
  await page.getByRole('button', { name: /^Read \d layers?, \d\.\d MB/ }).click();
  await expect(page.getByRole('list', { name: 'In short' })).toContainText('2 files differ');
  await expect(page.getByRole('grid', { name: 'Files that differ' }).getByRole('row')).toHaveCount(3);
});

test('an image is copied to another registry, all platforms or one, and a tag is guarded', async ({
  app,
  page,
}) => {
  const registry = new RegistryPage(app);
  await registry.open(`${own.host}/team/multi`);
  await registry.choose('2.0', 'Copy to another registry…');
  const copy = app.dialog('Copy between registries');
  await copy.getByRole('textbox', { name: 'To' }).fill(`${target.host}/copied/app:2.0`);
  await expect(copy.getByRole('status').filter({ hasText: 'is not there yet' })).toBeVisible();
  await copy.getByRole('button', { name: 'Copy', exact: true }).click();
  const done = app.dialog(/^Copy .* to /);
  const words = `${own.host}/team/multi:2.0 is copied to ${target.host}/copied/app:2.0`;
  await expect(done.getByRole('status').filter({ hasText: words })).toBeVisible();
  const list = (await skopeoInspect(`docker://${target.host}/copied/app:2.0`)).Digest;
  expect(await done.getByText(/^sha256:[0-9a-f]{64}$/).textContent()).toBe(list);
  await done.getByRole('button', { name: 'Close' }).last().click();

  await registry.choose('2.0', 'Copy to another registry…');
  await copy.getByRole('textbox', { name: 'To' }).fill(`${target.host}/copied/app:2.0`);
  await expect(copy.getByRole('status').filter({ hasText: 'same content' })).toBeVisible();
  await copy.getByRole('combobox', { name: 'Platforms' }).click();
  await page.getByRole('option', { name: 'linux/s390x alone' }).click();
  await expect(copy.getByText('already exists there and points to other content')).toBeVisible();
  await expect(copy.getByRole('button', { name: 'Copy', exact: true })).toBeDisabled();
  await copy
    .getByRole('button', { name: 'Push as 2.1' })
    .or(copy.getByRole('button', { name: /^Push as/ }))
    .first()
    .click();
  await expect(copy.getByRole('textbox', { name: 'To' })).not.toHaveValue(`${target.host}/copied/app:2.0`);
  const next = await copy.getByRole('textbox', { name: 'To' }).inputValue();
  await copy.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(done.getByText(arm.manifest.digest, { exact: true })).toBeVisible();
  expect(
    (
      await fetch(`http://${target.host}/v2/copied/app/manifests/${next.split(':').at(-1)}`, {
        method: 'HEAD',
        headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
      })
    ).headers.get('docker-content-digest'),
  ).toBe(arm.manifest.digest);
});
