import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { makeAuthority } from '#electron/registry/testing/certificate.ts';
import { freePort } from '#electron/registry/testing/real-registry.ts';
import type { Box } from '../fixtures/box.ts';
import { test as base, expect } from '../fixtures/browser-test.ts';
import { pushRaw } from '../fixtures/raw-image.ts';
import { asJson, at, PAGE, PULL_REFUSALS, PUSH_REFUSALS, READ } from '../fixtures/refusals.ts';
import { type ProxyRule, type RegistryProxy, startRegistryProxy } from '../fixtures/registry-proxy.ts';
import { OWN_ADDRESS, startTlsServer, type TlsServer } from '../fixtures/tls-server.ts';
import { NO_BROWSER, NO_PASSWORDS } from '../fixtures/tools.ts';
import { buildLayers, randomImage } from '../fixtures/transfer-images.ts';
import type { AppPage } from '../pages/app-page.ts';
import { SignInDialog } from '../pages/sign-in-dialog.ts';
import { openPull, openPush, TransferDialog } from '../pages/transfer-dialog.ts';

const test = base.extend<{ front: RegistryProxy }>({
  front: async ({ registry }, use) => {
    const proxy = await startRegistryProxy(registry);
    await use(proxy);
    await proxy.close();
  },
});
test.skip(NO_BROWSER !== null, NO_BROWSER ?? '');

for (const { what, rule, says } of PULL_REFUSALS)
  test(`a pull that meets ${what} says what it is and what to do`, async ({ app, front }) => {
    front.answerBy(rule);
    await openPull(app, `${front.host}/said/app:1`);
    await expectProblem(app, new TransferDialog(app, 'Pull'), says);
  });

for (const [index, { what, rule, says }] of PUSH_REFUSALS.entries())
  test(`a push that meets ${what} says what it is and what to do`, async ({ app, box, front }) => {
    const ref = `${front.host}/said/push-${index}:1`;
    const digest = await buildLayers(box, ref, [50_000]);
    front.answerBy(rule);
    await openPush(app, ref);
    const push = new TransferDialog(app, 'Push');
    await push.button('Push').click();
    await expectProblem(app, push, says);
    front.answerBy(undefined);
    await push.button('Try again').click();
    expect(await push.digest()).toBe(digest);
  });

test('a registry that is not ready is waited for, and one may ask at once', async ({
  app,
  front,
  registry,
}) => {
  const image = await randomImage([5_000]);
  await pushRaw(registry, 'said/ready', '1', image);
  front.answerBy(() => ({ status: 503, headers: { 'retry-after': '50' } }));
  await openPull(app, `${front.host}/said/ready:1`);
  const pull = new TransferDialog(app, 'Pull');
  await expect(pull.frame).toContainText('The registry is not ready (status 503).');
  await expect(pull.frame).toContainText(/Next try in [2-5]\d s/);
  front.answerBy(undefined);
  await pull.button('Retry now').click();
  expect(await pull.digest()).toBe(image.manifest.digest);
});

test('a name that nobody knows and a port where nobody listens are told in words', async ({ app }) => {
  await openPull(app, 'no-such-host.invalid/app:1');
  const pull = new TransferDialog(app, 'Pull');
  await expectProblem(app, pull, [
    /no-such-host\.invalid (is not known by that name|could not be looked up)/,
    /Check/,
  ]);
  await pull.button('Change…').click();
  await expect(pull.target).toHaveValue('no-such-host.invalid/app:1');
  const nobody = `127.0.0.1:${await freePort()}`;
  await pull.target.fill(`${nobody}/app:1`);
  await pull.button('Pull').click();
  await expectProblem(app, pull, [
    /does not accept connections/,
    /Check that the registry runs and that the port/,
  ]);
});

test('a server that says nothing is given up, and one need not wait for it', async ({ app }) => {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => void sockets.add(socket));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    await openPull(app, `127.0.0.1:${port}/app:1`);
    const pull = new TransferDialog(app, 'Pull');
    await expect(pull.frame.getByRole('progressbar')).toBeVisible();
    await expect(pull.problem).toContainText(/took too long to answer|does not answer/, { timeout: 60_000 });
    await pull.button('Try again').click();
    await pull.button('Cancel').click();
    await expect(pull.frame).toContainText('Cancelled');
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
  }
});

test.describe('certificates', () => {
  const missing = NO_PASSWORDS ?? (OWN_ADDRESS === null ? 'needs an address that is not loopback' : null);
  test.skip(missing !== null, missing ?? '');

  const CASES = [
    {
      what: 'of an unknown authority',
      name: 'own',
      days: 2,
      isTrusted: false,
      says: /its authority is not one that/,
    },
    {
      what: 'of another host',
      name: 'other',
      days: 2,
      isTrusted: true,
      says: /issued for another host name/,
    },
    { what: 'that has expired', name: 'own', days: -1, isTrusted: true, says: /it has expired/ },
  ] as const;
  for (const { what, name, days, isTrusted, says } of CASES)
    test(`a certificate ${what} is refused with the way to trust it`, async ({ app, box }) => {
      const folder = await mkdtemp(join(tmpdir(), 'strata-e2e-tls-'));
      let server: TlsServer | undefined;
      try {
        const authority = makeAuthority(folder);
        const names = name === 'own' ? [`IP:${OWN_ADDRESS}`] : ['DNS:registry.example.com'];
        server = await startTlsServer(authority.sign('server', names, days));
        if (isTrusted) await trust(box, server.host, authority.pem);
        await openPull(app, `${server.host}/app:1`);
        const pull = new TransferDialog(app, 'Pull');
        await expectProblem(app, pull, [
          says,
          new RegExp(`The certificate of ${server.host} is not accepted`),
        ]);
        await pull.button('Look at its certificate…').click();
        const trusting = app.dialog(`Trust the certificate of ${server.host}?`);
        const yes = trusting.getByRole('button', { name: 'Trust this certificate' });
        if (isTrusted) await expect(yes).toBeDisabled();
        else {
          await yes.click();
          // It goes on by itself, to what the server then says.
          await expect(pull.problem).toContainText(/There is no repository|has no tag/);
        }
      } finally {
        await server?.close();
        await rm(folder, { recursive: true, force: true });
      }
    });
});

test('the sign-in tells the same in its own dialog', async ({ app, front }) => {
  await app.go('Registries');
  await app.page.getByRole('main').getByRole('button', { name: 'Sign in…' }).click();
  const dialog = new SignInDialog(app);
  const alert = dialog.frame.getByRole('alert');
  const account = { username: 'ada', password: 'x' };
  const tries: readonly (readonly [string, ProxyRule, RegExp])[] = [
    [front.host, at(READ, /./, asJson(500, 'UNKNOWN', 'broken')), /failed with status 500/],
    [front.host, at(READ, /./, PAGE), /answered with a web page/],
    [`127.0.0.1:${await freePort()}`, () => undefined, /does not accept connections/],
    ['no-such-host.invalid', () => undefined, /is not known by that name|could not be looked up/],
  ];
  for (const [host, rule, says] of tries) {
    front.answerBy(rule);
    await dialog.send({ host, ...account });
    await expect(alert).toContainText(says);
    await expect(alert).not.toContainText(/^(?:E[A-Z]{4,}|Error)/);
  }
});

/** The words, no code or stack before them, and details that can be opened and copied. */
async function expectProblem(app: AppPage, dialog: TransferDialog, says: readonly RegExp[]): Promise<void> {
  for (const words of says) await expect(dialog.problem).toContainText(words, { timeout: 25_000 });
  const text = (await dialog.problem.textContent()) ?? '';
  expect(text).not.toMatch(/^\s*(?:E[A-Z]{4,}|Error|\[)/);
  expect(text).not.toMatch(/\s+at .+:\d+:\d+|undefined|\[object/);
  await dialog.problem.getByText('Details').click();
  await expect(dialog.problem.getByText('Registry', { exact: true })).toBeVisible();
  expect(
    await copied(app.page, () => dialog.problem.getByRole('button', { name: 'Copy the error' }).click()),
  ).toMatch(says[0] ?? /./);
}

/** What an action puts on the clipboard. */
async function copied(page: Page, act: () => Promise<void>): Promise<string> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await act();
  return page.evaluate(() => navigator.clipboard.readText());
}

/** Puts an authority where Docker has one for a host. */
async function trust(box: Box, host: string, pem: string): Promise<void> {
  const folder = join(box.home, '.docker/certs.d', host);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'ca.crt'), pem);
}
