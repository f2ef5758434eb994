import { type RealRegistry, startRealRegistry } from '#electron/registry/testing/real-registry.ts';
import { test as base, expect } from '../fixtures/browser-test.ts';
import { pushRaw } from '../fixtures/raw-image.ts';
import { type RegistryProxy, startRegistryProxy } from '../fixtures/registry-proxy.ts';
import { findFaults } from '../fixtures/store-check.ts';
import { NO_BROWSER, NO_OTHER_TOOLS, skopeoInspect } from '../fixtures/tools.ts';
import { buildLayers, randomImage } from '../fixtures/transfer-images.ts';
import { startWebHost } from '../fixtures/web-host.ts';
import { AppPage } from '../pages/app-page.ts';
import { openPull, openPush, TransferDialog } from '../pages/transfer-dialog.ts';

const MB = 1_000_000;

/** A registry of the test's own behind a proxy that can be slow. */
const test = base.extend<{ own: { registry: RealRegistry; proxy: RegistryProxy } }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures here.
  own: async ({}, use) => {
    const registry = await startRealRegistry();
    const proxy = await startRegistryProxy(registry.host);
    await use({ registry, proxy });
    await proxy.close();
    await registry.close();
  },
});

const missing = NO_BROWSER ?? NO_OTHER_TOOLS;
test.skip(missing !== null, missing ?? '');

test('a push to a new repository ends with the digest and a line to deploy it by', async ({
  app,
  box,
  own,
}) => {
  const ref = `${own.proxy.host}/new/app:1.0.0`;
  const digest = await buildLayers(box, ref, [30_000, 20_000]);
  await openPush(app, ref);
  const push = new TransferDialog(app, 'Push');
  await expect(push.frame).toContainText('1.0.0 is not there yet');
  await push.button('Push').click();
  expect(await push.digest()).toBe(digest);
  await expect(push.frame).toContainText(`${own.proxy.host}/new/app@${digest}`);
  await expect(push.layers.getByRole('listitem').filter({ hasText: 'sent' })).toHaveCount(3);
});

test('a tag of equal content is said to be equal, and pushing it again sends nothing', async ({
  app,
  box,
  own,
}) => {
  const ref = `${own.proxy.host}/equal/app:1.0.0`;
  const digest = await buildLayers(box, ref, [300_000]);
  expect((await box.strata(['push', ref])).code).toBe(0);
  await openPush(app, ref);
  const push = new TransferDialog(app, 'Push');
  await expect(push.frame).toContainText('is there already with the same content');
  const before = own.proxy.asked.length;
  await push.button('Push').click();
  expect(await push.digest()).toBe(digest);
  const later = own.proxy.asked.slice(before);
  expect(later.filter(({ what }) => what.includes('/blobs/uploads'))).toEqual([]);
  await expect(push.layers).toContainText('already there');
});

test('a push that was cancelled half way sends only the rest', async ({ app, box, own }) => {
  const ref = `${own.proxy.host}/half/app:1`;
  const digest = await buildLayers(box, ref, [2 * MB, 30 * MB]);
  own.proxy.slowTo(4 * MB);
  await openPush(app, ref);
  const push = new TransferDialog(app, 'Push');
  await push.button('Push').click();
  await expect(push.layer('part-0')).toContainText('sent');
  await expect(push.layer('part-1')).toContainText('uploading');
  await push.button('Cancel').click();
  await expect(push.frame).toContainText('Cancelled');
  await expect(push.frame).toContainText('The layers that were sent stay there and are not sent again.');
  own.proxy.slowTo(undefined);
  const before = own.proxy.asked.length;
  await push.button('Try again').click();
  expect(await push.digest()).toBe(digest);
  const sent = own.proxy.asked.slice(before).reduce((sum, request) => sum + request.sent, 0);
  expect(sent).toBeGreaterThan(30 * MB);
  expect(sent).toBeLessThan(30.1 * MB);
});

test('a pull that was cancelled half way fetches only the rest', async ({ app, box, own }) => {
  const image = await randomImage([10 * MB]);
  const [layer] = image.layers;
  await pushRaw(own.registry.host, 'half/pull', '1', image);
  own.proxy.slowTo(3 * MB);
  await openPull(app, `${own.proxy.host}/half/pull:1`);
  const pull = new TransferDialog(app, 'Pull');
  await expect(pull.layers.getByRole('progressbar').first()).toHaveAttribute('aria-valuenow', /^(?:[3-9]\d)/);
  await pull.button('Cancel').click();
  await expect(pull.frame).toContainText('the next pull goes on from there');
  await expect(pull.problem).toHaveCount(0);
  own.proxy.slowTo(undefined);
  const before = own.proxy.asked.length;
  await pull.button('Try again').click();
  expect(await pull.digest()).toBe(image.manifest.digest);
  const rest = own.proxy.asked.slice(before).filter(({ what }) => what.endsWith(layer?.digest ?? ''));
  expect(rest).toHaveLength(1);
  expect(rest[0]?.range).toMatch(/^bytes=[1-9]\d{6,}-$/);
  expect(await findFaults(box.data)).toEqual([]);
});

test('the layers of a pull bear the instructions that made them, forty as well as one', async ({
  app,
  box,
  own,
}) => {
  const image = await randomImage(Array.from({ length: 40 }, (_, at) => 2_000 + at * 100));
  await pushRaw(own.registry.host, 'many/layers', '1', image);
  own.proxy.slowTo(5_000);
  await openPull(app, `${own.proxy.host}/many/layers:1`);
  const pull = new TransferDialog(app, 'Pull');
  await expect(pull.layer('layer 39 of a test')).toBeVisible();
  await expect(pull.layers.getByRole('listitem')).toHaveCount(41);
  own.proxy.slowTo(undefined);
  expect(await pull.digest()).toBe(image.manifest.digest);
  expect(await findFaults(box.data)).toEqual([]);
});

test('a pull goes on where it was after the app was killed', async ({ page, box, own }) => {
  const image = await randomImage([10 * MB]);
  const [layer] = image.layers;
  await pushRaw(own.registry.host, 'killed/pull', '1', image);
  own.proxy.slowTo(3 * MB);
  const ref = `${own.proxy.host}/killed/pull:1`;
  const open = async () => {
    const host = await startWebHost(box);
    await page.goto(host.address);
    const app = new AppPage(page, host.origin);
    await app.isReady();
    await openPull(app, ref);
    return { host, pull: new TransferDialog(app, 'Pull') };
  };
  const first = await open();
  await expect(first.pull.layers.getByRole('progressbar').first()).toHaveAttribute(
    'aria-valuenow',
    /^(?:[3-9]\d)/,
  );
  process.kill(first.host.pid, 'SIGKILL');
  await page.goto('about:blank');
  own.proxy.slowTo(undefined);
  const before = own.proxy.asked.length;
  const second = await open();
  expect(await second.pull.digest()).toBe(image.manifest.digest);
  const rest = own.proxy.asked.slice(before).filter(({ what }) => what.endsWith(layer?.digest ?? ''));
  expect(rest.map(({ range }) => range)).toEqual([expect.stringMatching(/^bytes=[1-9]\d{6,}-$/)]);
  expect(await findFaults(box.data)).toEqual([]);
  expect(await second.host.stop()).toBe(0);
});

for (const kind of ['Push', 'Pull'] as const)
  test(`a ${kind.toLowerCase()} goes on when the registry is killed and comes back in its middle`, async ({
    app,
    box,
    own,
  }) => {
    const ref = `${own.proxy.host}/restart/${kind.toLowerCase()}:1`;
    const sizes = [6 * MB, 6 * MB];
    own.proxy.slowTo(0.8 * MB);
    let digest: string;
    if (kind === 'Push') {
      digest = await buildLayers(box, ref, sizes);
      await openPush(app, ref);
      await new TransferDialog(app, 'Push').button('Push').click();
    } else {
      const image = await randomImage(sizes);
      digest = image.manifest.digest;
      await pushRaw(own.registry.host, 'restart/pull', '1', image);
      await openPull(app, ref);
    }
    const dialog = new TransferDialog(app, kind);
    await expect(dialog.layers.getByRole('progressbar').first()).toHaveAttribute('aria-valuenow', /^[1-9]\d/);
    await own.registry.kill();
    await expect(dialog.layers).toContainText(/retrying in \d+ s/);
    await expect(dialog.frame).toContainText(`${own.proxy.host} closed the connection.`);
    await expect(dialog.button('Cancel')).toBeVisible();
    own.proxy.slowTo(undefined);
    const again = await startRealRegistry({ again: own.registry });
    try {
      const ended = dialog.digest();
      // On a busy machine the next try comes by itself before the click.
      const clicked = dialog.button('Retry now').click();
      await Promise.race([clicked.catch(() => undefined), ended]);
      expect(await ended).toBe(digest);
      expect((await skopeoInspect(`docker://${ref}`)).Digest).toBe(digest);
      await expect(dialog.button('Retry now')).toBeHidden();
    } finally {
      await again.kill();
    }
  });
