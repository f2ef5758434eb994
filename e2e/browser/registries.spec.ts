import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '#electron/engine/testing/processes.ts';
import { type RealRegistry, startRealRegistry } from '#electron/registry/testing/real-registry.ts';
import type { Box } from '../fixtures/box.ts';
import { expect, test } from '../fixtures/browser-test.ts';
import { finished } from '../fixtures/events.ts';
import { NO_BROWSER, NO_OTHER_TOOLS, NO_PASSWORDS, skopeoInspect } from '../fixtures/tools.ts';
import { SignInDialog } from '../pages/sign-in-dialog.ts';
import { openPull, openPush, TransferDialog } from '../pages/transfer-dialog.ts';

const missing = NO_BROWSER ?? NO_PASSWORDS ?? NO_OTHER_TOOLS;
test.skip(missing !== null, missing ?? '');

let folder: string;
let closed: RealRegistry;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strata-e2e-registries-'));
  await writeFile(join(folder, 'htpasswd'), await run('htpasswd', ['-nbB', 'ada', 'correct horse']));
  closed = await startRealRegistry({ htpasswd: join(folder, 'htpasswd') });
});
test.afterAll(async () => {
  await closed.close();
  await rm(folder, { recursive: true, force: true });
});

test('signs in with the right password only, and out again', async ({ app }) => {
  await app.go('Registries');
  await expect(app.page.getByRole('heading', { name: 'Not signed in anywhere' })).toBeVisible();
  await app.page.getByRole('main').getByRole('button', { name: 'Sign in…' }).click();
  const dialog = new SignInDialog(app);
  await dialog.send({ host: closed.host, username: 'ada', password: 'wrong' });
  await expect(dialog.frame.getByRole('alert')).toContainText('does not accept this user name and password');
  await dialog.send({ username: 'ada', password: 'correct horse' });
  await expect(dialog.frame).toBeHidden();
  const accounts = app.page.getByRole('list', { name: 'Accounts' });
  await expect(accounts.getByRole('listitem')).toContainText(`${closed.host}`);
  await expect(accounts.getByRole('listitem')).toContainText('as ada');
  expect(await app.page.content()).not.toContain('correct horse');

  await accounts.getByRole('button', { name: 'Sign out…' }).click();
  await app.page
    .getByRole('dialog')
    .getByRole('button', { name: /Sign out/ })
    .click();
  await expect(app.page.getByRole('heading', { name: 'Not signed in anywhere' })).toBeVisible();
});

test('a push that needs an account leads through the sign-in and on to its end', async ({ app, box }) => {
  const ref = `${closed.host}/private/app:1`;
  const { digest } = await build(box, ref, 'one');
  await openPush(app, ref);
  const push = new TransferDialog(app, 'Push');
  await push.button('Push').click();
  await expect(push.problem).toContainText('sign in');
  await push.button(`Sign in to ${closed.host}…`).click();
  const signIn = new SignInDialog(app);
  await expect(signIn.frame.getByRole('textbox', { name: 'User name' })).toBeFocused();
  await signIn.send({ username: 'ada', password: 'correct horse' });
  await expect(signIn.frame).toBeHidden();
  expect(await push.digest()).toBe(digest);
});

test('a password that has changed is asked for again, and the push and the pull go on after it', async ({
  app,
  box,
}) => {
  const file = join(folder, 'changing');
  const change = async (password: string) =>
    writeFile(file, await run('htpasswd', ['-nbB', 'ada', password]));
  await change('first');
  const changing = await startRealRegistry({ htpasswd: file });
  try {
    const ref = `${changing.host}/expired/app:1`;
    const { digest } = await build(box, ref, 'one');
    await openPush(app, ref);
    const push = new TransferDialog(app, 'Push');
    const signIn = new SignInDialog(app);
    await push.frame.getByRole('button', { name: 'Sign in…' }).click();
    await signIn.send({ username: 'ada', password: 'first' });
    await expect(push.frame).toContainText('signed in as ada');
    await change('second');
    await push.button('Push').click();
    await expect(push.problem).toContainText(`${changing.host} does not accept the sign-in of ada`);
    await push.button(`Sign in to ${changing.host}…`).click();
    await expect(signIn.frame.getByRole('textbox', { name: 'User name' })).toHaveValue('ada');
    await signIn.frame.getByRole('textbox', { name: 'Password or token' }).fill('first');
    await signIn.button.click();
    await expect(signIn.frame.getByRole('alert')).toContainText(
      'does not accept this user name and password',
    );
    await signIn.frame.getByRole('textbox', { name: 'Password or token' }).fill('second');
    await signIn.button.click();
    expect(await push.digest()).toBe(digest);
    await push.close();

    await change('third');
    await openPull(app, ref);
    const pull = new TransferDialog(app, 'Pull');
    await expect(pull.problem).toContainText('The password or token may have expired');
    await pull.button(`Sign in to ${changing.host}…`).click();
    await signIn.frame.getByRole('button', { name: 'Cancel' }).click();
    await expect(pull.target).toHaveValue(ref);
    await pull.button('Pull').click();
    await pull.button(`Sign in to ${changing.host}…`).click();
    await signIn.send({ username: 'ada', password: 'third' });
    expect(await pull.digest()).toBe(digest);
  } finally {
    await changing.close();
  }
});

test('a tag that names other content is not moved before it was shown and asked', async ({
  app,
  box,
  registry,
}) => {
  const ref = `${registry}/asked/app:1.4.0`;
  const first = await build(box, ref, 'one');
  await box.strata(['push', ref]);
  const second = await build(box, ref, 'two');
  await openPush(app, ref);
  const push = new TransferDialog(app, 'Push');
  await expect(push.button('Push')).toBeDisabled();
  await expect(push.frame).toContainText(first.digest.slice(7, 11));
  await expect(push.frame).toContainText(second.digest.slice(7, 11));
  await push.frame.getByRole('button', { name: /^Move/ }).click();
  expect((await skopeoInspect(`docker://${ref}`)).Digest).toBe(first.digest);
  await push.button('Move the tag and push').click();
  expect(await push.digest()).toBe(second.digest);
  expect((await skopeoInspect(`docker://${ref}`)).Digest).toBe(second.digest);
});

test('instead of moving a tag the next version is offered', async ({ app, box, registry }) => {
  const ref = `${registry}/offered/app:1.4.0`;
  const first = await build(box, ref, 'one');
  await box.strata(['push', ref]);
  const second = await build(box, ref, 'two');
  await openPush(app, ref);
  const push = new TransferDialog(app, 'Push');
  await push.frame.getByRole('button', { name: /1\.4\.1/ }).click();
  await expect(push.target).toHaveValue(`${registry}/offered/app:1.4.1`);
  await push.button('Push').click();
  expect(await push.digest()).toBe(second.digest);
  expect((await skopeoInspect(`docker://${ref}`)).Digest).toBe(first.digest);
});

test('a registry that is down is told with what to do, and the push can be tried again', async ({
  app,
  box,
}) => {
  const own = await startRealRegistry();
  try {
    const ref = `${own.host}/down/app:1`;
    const { digest } = await build(box, ref, 'one');
    await own.kill();
    await openPush(app, ref);
    const push = new TransferDialog(app, 'Push');
    await push.button('Push').click();
    await expect(push.problem).toContainText(`${own.host} does not accept connections`);
    const again = await startRealRegistry({ again: own });
    await push.button('Try again').click();
    expect(await push.digest()).toBe(digest);
    await again.kill();
  } finally {
    await own.close();
  }
});

async function build(box: Box, ref: string, text: string): Promise<{ digest: string }> {
  const context = await box.files('app', { Dockerfile: 'FROM busybox:1.36\nCOPY a /a\n', a: text });
  return finished(await box.strata(['build', context, '-t', ref, '--json']));
}
