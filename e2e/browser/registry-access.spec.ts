import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '#electron/engine/testing/processes.ts';
import { makeAuthority } from '#electron/registry/testing/certificate.ts';
import { type RealRegistry, startRealRegistry } from '#electron/registry/testing/real-registry.ts';
import { expect, test } from '../fixtures/browser-test.ts';
import { makeRawImage, pushRaw, type RawImage } from '../fixtures/raw-image.ts';
import { filesTar } from '../fixtures/root-fs.ts';
import { startScriptedRegistry } from '../fixtures/scripted-registry.ts';
import { NO_BROWSER, NO_OTHER_TOOLS, NO_PASSWORDS } from '../fixtures/tools.ts';
import { RegistryPage } from '../pages/registry-page.ts';
import { SignInDialog } from '../pages/sign-in-dialog.ts';
import { TransferDialog } from '../pages/transfer-dialog.ts';

const missing = NO_BROWSER ?? NO_PASSWORDS ?? NO_OTHER_TOOLS;
test.skip(missing !== null, missing ?? '');

let folder: string;
let open: RealRegistry;
let closed: RealRegistry;
let secure: RealRegistry;
let image: RawImage;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strata-e2e-access-'));
  await writeFile(join(folder, 'htpasswd'), await run('htpasswd', ['-nbB', 'ada', 'correct horse']));
  const tls = makeAuthority(folder).sign('registry.internal', ['IP:127.0.0.1']);
  open = await startRealRegistry();
  closed = await startRealRegistry({ htpasswd: join(folder, 'htpasswd') });
  secure = await startRealRegistry({ tls });
  image = makeRawImage([await filesTar({ 'etc/motd': 'hello' })]);
  await pushRaw(open.host, 'team/app', '1.0', image);
  const from = ['copy', '--src-tls-verify=false', '--dest-tls-verify=false'];
  const source = `docker://${open.host}/team/app:1.0`;
  await run('skopeo', [...from, source, `docker://${secure.host}/team/app:1.0`]);
  const account = ['--dest-creds', 'ada:correct horse'];
  await run('skopeo', [...from, ...account, source, `docker://${closed.host}/team/app:1.0`]);
});
test.afterAll(async () => {
  await Promise.all([open.close(), closed.close(), secure.close()]);
  await rm(folder, { recursive: true, force: true });
});

test('a certificate of a private authority is shown, trusted for its host alone, and trusted no more', async ({
  app,
  page,
}) => {
  const registry = new RegistryPage(app);
  await registry.open(secure.host);
  await expect(page.getByRole('alert')).toContainText('its authority is not one that this machine trusts');
  await page.getByRole('button', { name: 'Look at its certificate…' }).click();
  const dialog = app.dialog(`Trust the certificate of ${secure.host}?`);
  await expect(dialog).toContainText('CN=registry.internal');
  await expect(dialog).toContainText('CN=Strata test authority');
  await expect(dialog.getByText(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('alert')).toBeVisible();

  await page.getByRole('button', { name: 'Look at its certificate…' }).click();
  await dialog.getByRole('button', { name: 'Trust this certificate' }).click();
  await expect(registry.repositories.getByRole('row', { name: 'team/app' })).toBeVisible();
  await app.go('Registries');
  const trusted = page.getByRole('region', { name: 'Trusted certificates' });
  await expect(trusted).toContainText(secure.host);
  await trusted.getByRole('button', { name: 'Trust no more…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Trust it no more' }).click();
  await expect(trusted).toHaveCount(0);
  await registry.open(secure.host);
  await expect(page.getByRole('alert')).toContainText('is not accepted');
});

test('a registry that wants an account says so, and lists once one has signed in', async ({ app, page }) => {
  const registry = new RegistryPage(app);
  await registry.open(closed.host);
  await expect(
    page.getByRole('heading', { name: 'This registry does not list its repositories' }),
  ).toBeVisible();
  await page.getByRole('button', { name: `Sign in to ${closed.host}…` }).click();
  const signIn = new SignInDialog(app);
  await signIn.send({ username: 'ada', password: 'correct horse' });
  await expect(registry.repositories.getByRole('row', { name: 'team/app' })).toBeVisible();
  await app.go('Registries');
  const account = page.getByRole('list', { name: 'Accounts' }).getByRole('listitem');
  await expect(account).toContainText('as ada');
  await expect(account).toContainText('stored unencrypted');
});

test('where a registry counts pulls they are shown, and nothing is counted unasked', async ({
  app,
  page,
}) => {
  const lines: string[] = [];
  const counting = await startScriptedRegistry(image, {
    tags: ['1.0', '1.1'],
    headers: { 'ratelimit-limit': '100;w=21600', 'ratelimit-remaining': '87;w=21600' },
    onRequest: (line) => lines.push(line),
  });
  try {
    const registry = new RegistryPage(app);
    await registry.open(`${counting.host}/team/app`);
    await expect(page.getByRole('toolbar', { name: 'Pulls left' })).toContainText(
      '87 of 100 pulls left in 6 h',
    );
    await expect(registry.tag('1.1')).toContainText(image.manifest.digest.slice(7, 11));
    expect(lines.filter((line) => /^GET .*manifests/.test(line))).toEqual([]);
    await registry.choose('1.1', 'Pull…');
    const pull = new TransferDialog(app, 'Pull');
    await expect(pull.frame).toContainText('87 of 100 pulls left');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Read sizes too' }).click();
    await expect(registry.tag('1.1')).toContainText('linux/');
    expect(lines.filter((line) => /^GET .*manifests/.test(line))).toHaveLength(1);
  } finally {
    await counting.close();
  }
});
