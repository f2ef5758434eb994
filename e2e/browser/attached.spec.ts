import { type RealRegistry, startRealRegistry } from '#electron/registry/testing/real-registry.ts';
import { expect, test } from '../fixtures/browser-test.ts';
import { makeRawImage, pushRaw, type RawImage } from '../fixtures/raw-image.ts';
import { attachByTag, attachCosign } from '../fixtures/raw-referrer.ts';
import { filesTar } from '../fixtures/root-fs.ts';
import { NO_BROWSER } from '../fixtures/tools.ts';
import { ImagePage } from '../pages/image-page.ts';
import { RegistryPage } from '../pages/registry-page.ts';
import { TransferDialog } from '../pages/transfer-dialog.ts';

test.skip(NO_BROWSER !== null, NO_BROWSER ?? '');

let own: RealRegistry;
let target: RealRegistry;
let image: RawImage;

test.beforeAll(async () => {
  [own, target] = await Promise.all([startRealRegistry(), startRealRegistry()]);
  image = makeRawImage([await filesTar({ 'etc/motd': 'signed' })]);
  await pushRaw(own.host, 'team/signed', '1.0', image);
  await attachByTag(own.host, 'team/signed', image.manifest, [
    {
      artifactType: 'application/spdx+json',
      partType: 'application/spdx+json',
      content: '{"spdxVersion":"SPDX-2.3","name":"the bill of materials"}',
    },
  ]);
  await attachCosign(own.host, 'team/signed', image.manifest, {
    artifactType: '',
    partType: 'application/vnd.dev.cosign.simplesigning.v1+json',
    content: '{"critical":{"type":"cosign container image signature"}}',
  });
});
test.afterAll(() => Promise.all([own.close(), target.close()]));

test('what is attached to an image is listed, read and saved', async ({ app, page }) => {
  await new RegistryPage(app).open(`${own.host}/team/signed:1.0`);
  const tab = await new ImagePage(app).tab('Attached');
  const list = tab.getByRole('list', { name: 'Attached' });
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await expect(list.getByRole('button', { name: /^Signature/ })).toContainText('cosign tag');
  await list.getByRole('button', { name: /^SBOM/ }).click();
  const opened = page.getByRole('region', { name: 'SBOM, opened' });
  await expect(opened).toContainText('the bill of materials');
  const download = page.waitForEvent('download');
  await opened.getByRole('button', { name: 'Save…' }).click();
  expect((await download).suggestedFilename()).toMatch(/^sbom-[0-9a-f]{12}\.json$/);
});

test('it comes along with a copy, and with a push that asks for it', async ({ app, page, box }) => {
  await box.strata(['copy', `${own.host}/team/signed:1.0`, `${target.host}/copied/app:1.0`]);
  await new RegistryPage(app).open(`${target.host}/copied/app:1.0`);
  const list = page.getByRole('list', { name: 'Attached' });
  await new ImagePage(app).tab('Attached');
  await expect(list.getByRole('listitem')).toHaveCount(2);

  await box.strata(['pull', `${own.host}/team/signed:1.0`]);
  await box.strata(['tag', `${own.host}/team/signed:1.0`, `${target.host}/pushed/app:1.0`]);
  await app.go('Images');
  await page.getByRole('grid', { name: 'Images' }).getByRole('row').nth(1).click();
  const shown = new ImagePage(app);
  await shown.openPush();
  const push = new TransferDialog(app, 'Push');
  await push.target.fill(`${target.host}/pushed/app:1.0`);
  await push.frame.getByRole('checkbox', { name: /^Bring signatures/ }).check();
  await push.button('Push').click();
  expect(await push.digest()).toBe(image.manifest.digest);
  await push.close();
  await new RegistryPage(app).open(`${target.host}/pushed/app:1.0`);
  await shown.tab('Attached');
  await expect(list.getByRole('listitem')).toHaveCount(2);
});
