import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '#electron/engine/testing/processes.ts';
import { type RealRegistry, startRealRegistry } from '#electron/registry/testing/real-registry.ts';
import type { Box } from '../fixtures/box.ts';
import { expect, test } from '../fixtures/browser-test.ts';
import { finished } from '../fixtures/events.ts';
import { asJson, at } from '../fixtures/refusals.ts';
import { startRegistryProxy } from '../fixtures/registry-proxy.ts';
import { NO_BROWSER, NO_OTHER_TOOLS, skopeoInspect } from '../fixtures/tools.ts';
import { ImagesPage } from '../pages/images-page.ts';
import { JournalPage } from '../pages/journal-page.ts';
import { ProjectPage } from '../pages/project-page.ts';
import { ProjectsPage } from '../pages/projects-page.ts';
import { TagDialog } from '../pages/tag-dialog.ts';
import { openPush, TransferDialog } from '../pages/transfer-dialog.ts';

const missing = NO_BROWSER ?? NO_OTHER_TOOLS;
test.skip(missing !== null, missing ?? '');

test('a tag of other content is shown with both digests and when it was pushed, and compared without a pull', async ({
  app,
  box,
  registry,
}) => {
  const ref = `${registry}/compared/app:1.4.0`;
  const first = await build(box, ref, 'one');
  await box.strata(['push', ref]);
  const second = await build(box, ref, 'two');
  // What is at the registry alone cannot be compared by what the store holds.
  expect((await box.strata(['rmi', first.digest])).code).toBe(0);
  await openPush(app, ref);
  const push = new TransferDialog(app, 'Push');
  await expect(push.button('Push')).toBeDisabled();
  for (const digest of [first.digest, second.digest])
    await expect(push.frame.getByTitle(digest)).toBeVisible();
  await expect(push.frame).toContainText(/pushed (just now|\d+ min ago)/);
  for (const version of ['1.4.1', '1.5.0', '2.0.0'])
    await expect(push.button(`Push as ${version}`)).toBeVisible();
  await push.button('Compare the two').click();
  await expect(app.heading(/^Compare/)).toBeVisible();
  await expect(app.page.getByRole('main')).toContainText('1 file differs');
});

test('a tag of an immutable repository moves only when its name was typed', async ({
  app,
  box,
  registry,
}) => {
  const ref = `${registry}/fixed/app:1.4.0`;
  const first = await build(box, ref, 'one');
  await box.strata(['push', ref]);
  const second = await build(box, ref, 'two');

  await app.go('Settings');
  const settings = app.page.getByRole('main');
  await settings.getByRole('textbox', { name: 'New immutable repository' }).fill(`${registry}/fixed/*`);
  await settings.getByRole('button', { name: 'Add immutable repository' }).click();
  await expect(settings.getByRole('list', { name: 'immutable repositories' })).toContainText('/fixed/*');

  await openPush(app, ref);
  const push = new TransferDialog(app, 'Push');
  await expect(push.frame).toContainText('marked as immutable in Settings');
  await push.button('Move the tag on purpose').click();
  const move = push.button('Move the tag and push');
  await expect(move).toBeDisabled();
  const name = push.frame.getByRole('textbox', { name: 'Type 1.4.0 to move it all the same' });
  await name.fill('1.4.1');
  await expect(move).toBeDisabled();
  expect((await skopeoInspect(`docker://${ref}`)).Digest).toBe(first.digest);
  await name.fill('1.4.0');
  await move.click();
  expect(await push.digest()).toBe(second.digest);
  expect((await skopeoInspect(`docker://${ref}`)).Digest).toBe(second.digest);
});

test('the refusal of a registry whose tags are immutable is told in the same words, with the way to another tag', async ({
  app,
  box,
  registry,
}) => {
  const proxy = await startRegistryProxy(registry);
  try {
    const ref = `${proxy.host}/theirs/app:1.0.0`;
    await build(box, ref, 'one');
    const words = "The image tag '1.0.0' already exists in the 'app' repository and cannot be overwritten";
    proxy.answerBy(at(/PUT/, /manifests/, asJson(400, 'ImageTagAlreadyExistsException', words)));
    await openPush(app, ref);
    const push = new TransferDialog(app, 'Push');
    await push.button('Push').click();
    await expect(push.problem).toContainText('tags are immutable there');
    await expect(push.problem).toContainText('Push under the next version instead');
    await expect(push.button('Try again')).toBeHidden();
    await push.button('Change…').click();
    await expect(push.target).toHaveValue(ref);
  } finally {
    await proxy.close();
  }
});

test('a floating tag moves without a question', async ({ app, box, registry }) => {
  const ref = `${registry}/floating/app:latest`;
  await build(box, ref, 'one');
  await box.strata(['push', ref]);
  const second = await build(box, ref, 'two');
  await openPush(app, ref);
  const push = new TransferDialog(app, 'Push');
  await expect(push.frame).toContainText('is a name that moves');
  await push.button('Push').click();
  expect(await push.digest()).toBe(second.digest);
  const pinned = `${registry}/floating/app@${second.digest}`;
  await expect(push.frame.getByText(pinned, { exact: true })).toBeVisible();
  await expect(push.button('Copy: To deploy exactly these bytes')).toBeVisible();
});

test('a tag that somebody else moved since its move was confirmed stays', async ({ app, box, registry }) => {
  const ref = `${registry}/raced/app:1.0.0`;
  const theirRef = `${registry}/raced/theirs:1`;
  const theirs = await build(box, theirRef, 'theirs');
  await box.strata(['push', theirRef]);
  await build(box, ref, 'one');
  await box.strata(['push', ref]);
  const { digest } = await build(box, ref, 'two');
  await openPush(app, ref);
  const push = new TransferDialog(app, 'Push');
  await push.button('Move the tag on purpose').click();
  // By a program that this machine's journal knows nothing of.
  const plain = ['--src-tls-verify=false', '--dest-tls-verify=false'];
  await run('skopeo', ['copy', ...plain, `docker://${theirRef}`, `docker://${ref}`]);
  await push.button('Move the tag and push').click();
  await expect(push.frame.getByRole('alert')).toContainText('Somebody else moved it meanwhile');
  expect((await skopeoInspect(`docker://${ref}`)).Digest).toBe(theirs.digest);

  await push.button('Change…').click();
  await expect(push.frame.getByTitle(theirs.digest)).toBeVisible();
  await push.button('Move the tag on purpose').click();
  await push.button('Move the tag and push').click();
  expect(await push.digest()).toBe(digest);
});

test('the dialog sees that the tag was moved by another process meanwhile', async ({
  app,
  box,
  registry,
}) => {
  const ref = `${registry}/meanwhile/app:1.0.0`;
  await build(box, ref, 'one');
  await openPush(app, ref);
  const push = new TransferDialog(app, 'Push');
  await expect(push.frame).toContainText('is not there yet');
  const other = `${registry}/meanwhile/other:1`;
  const { digest } = await build(box, other, 'two');
  await box.strata(['push', other, '--to', ref]);
  await expect(push.frame.getByTitle(digest)).toBeVisible();
  await expect(push.button('Push')).toBeDisabled();
});

test('the journal tells every move by any process, and lets a tag of the store name an earlier image again', async ({
  app,
  box,
}) => {
  await app.go('Tags');
  await expect(app.page.getByRole('heading', { name: 'No tag was moved yet' })).toBeVisible();
  const first = await build(box, 'journal/app:1', 'one');
  const second = await build(box, 'journal/app:1', 'two');
  const journal = new JournalPage(app);
  await expect(journal.rows.filter({ hasText: 'journal/app:1' })).toHaveCount(2);
  await expect(journal.rows.first()).toContainText('command line');

  const dialog = await journal.open('journal/app:1');
  for (const digest of [first.digest, second.digest])
    await expect(dialog.getByText(digest, { exact: true }).first()).toBeVisible();
  await dialog.getByRole('button', { name: 'Roll back' }).click();
  await expect(dialog).toBeHidden();
  await expect(journal.rows.first()).toContainText('rolled back');
  expect(await digestOf(box, 'journal/app:1')).toBe(first.digest);
  await app.notices.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => digestOf(box, 'journal/app:1')).toBe(second.digest);
});

test('a tag at a registry is rolled back by its manifest alone, or from the store; one that is gone is told', async ({
  app,
  box,
}) => {
  const own = await startRealRegistry();
  try {
    const ref = `${own.host}/back/app:1`;
    const first = await build(box, ref, 'one');
    await box.strata(['push', ref]);
    const second = await build(box, ref, 'two');
    await box.strata(['push', ref, '--move-tag']);
    await app.go('Tags');
    const journal = new JournalPage(app);
    await journal.search.fill(`${own.host} pushed`);
    await expect(journal.rows).toHaveCount(2);
    const dialog = await journal.open(own.host);
    await expect(dialog).toContainText('No layer is sent');
    await dialog.getByRole('button', { name: 'Roll back' }).click();
    await expect(dialog).toBeHidden();
    expect((await skopeoInspect(`docker://${ref}`)).Digest).toBe(first.digest);

    await deleteManifest(own, 'back/app', second.digest);
    await journal.search.fill('rolled');
    const deleted = await journal.open('rolled back');
    await deleted.getByRole('button', { name: 'Roll back' }).click();
    await expect(deleted).toBeHidden();
    expect((await skopeoInspect(`docker://${ref}`)).Digest).toBe(second.digest);

    await deleteManifest(own, 'back/app', first.digest);
    expect((await box.strata(['rmi', first.digest])).code).toBe(0);
    const again = await journal.open('rolled back');
    await again.getByRole('button', { name: 'Roll back' }).click();
    await expect(again.getByRole('alert')).toContainText('nor does the store');
    await again.getByRole('button', { name: 'Close' }).last().click();
  } finally {
    await own.close();
  }
});

async function build(box: Box, ref: string, text: string): Promise<{ digest: string }> {
  const context = await box.files('app', { Dockerfile: 'FROM busybox:1.36\nCOPY a /a\n', a: text });
  return finished(await box.strata(['build', context, '-t', ref, '--json']));
}

async function digestOf(box: Box, ref: string): Promise<unknown> {
  return (await box.strata(['inspect', ref, '--json'])).events[0]?.manifestDigest;
}

async function deleteManifest({ host }: RealRegistry, repository: string, digest: string): Promise<void> {
  const answer = await fetch(`http://${host}/v2/${repository}/manifests/${digest}`, { method: 'DELETE' });
  expect(answer.status).toBe(202);
}

test('the tags of an image are grouped, compared with the registry, and each change is undone by keyboard', async ({
  app,
  box,
  registry,
}) => {
  const ref = `${registry}/edited/app:1.4.2`;
  await build(box, 'edited:dev', 'other');
  await box.strata(['push', 'edited:dev', '--to', `${registry}/edited/app:1.4`]);
  await box.strata(['push', 'edited:dev', '--to', `${registry}/edited/app:1.4.3`]);
  const { digest } = await build(box, ref, 'one');
  await box.strata(['push', ref]);
  for (const name of [`${registry}/edited/app:1.4`, `${registry}/edited/app:never`, 'edited:local'])
    await box.strata(['tag', ref, name]);
  await app.go('Images');
  await new ImagesPage(app).choose(`${registry}/edited/app:1.4`, 'Tag…');
  const tags = new TagDialog(app);
  const { frame } = tags;
  await expect(frame.getByText(`${registry}/edited/app`, { exact: true })).toBeVisible();
  await expect(frame.getByText('edited', { exact: true })).toBeVisible();
  await frame.getByRole('button', { name: `What is at the registry? ${registry}/edited/app` }).click();
  await expect(tags.tag(`${registry}/edited/app:1.4.2`)).toContainText('same there');
  await expect(tags.tag(`${registry}/edited/app:never`)).toContainText('not there');
  await expect(frame.getByRole('listitem').filter({ hasText: 'other content there' })).toHaveCount(1);
  // 1.4.3 is taken at the registry.
  const next = frame.getByRole('list', { name: 'Next version' });
  await expect(next.getByRole('button')).toHaveText(['1.4.4', '1.5.0', '2.0.0']);

  await next.getByRole('button', { name: '1.5.0' }).click();
  await app.page.keyboard.press('Enter');
  await expect(tags.tag(`${registry}/edited/app:1.5.0`)).toBeVisible();
  await tags.remove('edited:local');
  await app.page.keyboard.press('Control+z');
  await expect(tags.tag('edited:local')).toBeVisible();
  await app.page.keyboard.press('Control+z');
  await expect(tags.tag(`${registry}/edited/app:1.5.0`)).toBeHidden();
  expect(await digestOf(box, 'edited:local')).toBe(digest);
});

test('a tag that the command line gives an open image appears, and git names the folder it was built from', async ({
  app,
  box,
}) => {
  const context = await box.files('app', { Dockerfile: 'FROM busybox:1.36\nCOPY a /a\n', a: 'one' });
  const git = ['-C', context, '-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
  await run('git', ['-C', context, 'init', '-b', 'feature/tags']);
  await run('git', [...git, 'add', '.']);
  await run('git', [...git, 'commit', '-m', 'one']);
  await run('git', [...git, 'tag', 'v3.1.0']);
  const commit = (await run('git', [...git, 'rev-parse', '--short=7', 'HEAD'])).trim();
  const ref = 'named/app:v3.0.0';
  await app.go('Projects');
  await new ProjectsPage(app).openFolder(context);
  const project = new ProjectPage(app);
  await project.build();
  await project.openImage();
  const image = new URL(app.page.url()).hash.split('/').at(-1) ?? '';
  await box.strata(['tag', decodeURIComponent(image), ref]);
  await expect(app.page.getByRole('main')).toContainText('v3.0.0');
  await app.command('Tag image');
  const tags = new TagDialog(app);
  await expect(tags.tag(ref)).toBeVisible();
  const fromGit = tags.frame.getByRole('list', { name: 'From git' });
  await expect(fromGit.getByRole('button')).toHaveText([commit, 'v3.1.0', 'feature-tags']);
  await box.strata(['tag', ref, 'named/app:elsewhere']);
  await expect(tags.tag('named/app:elsewhere')).toBeVisible();
  await fromGit.getByRole('button', { name: commit }).click();
  await app.page.keyboard.press('Enter');
  await expect(tags.tag(`named/app:${commit}`)).toBeVisible();
});

test('thousands of moves are listed, searched and walked by keyboard with only those in view drawn', async ({
  app,
  box,
}) => {
  const { digest } = await build(box, 'many/app:1', 'one');
  const lines = Array.from({ length: 8000 }, (_, index) =>
    JSON.stringify({
      id: `m${index}`,
      time: Date.UTC(2026, 0, 1) + index * 1000,
      name: `docker.io/many/app:0.0.${index}`,
      host: null,
      from: null,
      to: digest,
      by: 'tag',
    }),
  );
  await appendFile(join(box.data, 'journal', 'tags.jsonl'), `\n${lines.join('\n')}\n`);
  await app.go('Tags');
  const journal = new JournalPage(app);
  await expect(app.page.getByRole('main')).toContainText('8,002 moves');
  expect(await journal.rows.count()).toBeLessThan(100);
  await journal.grid.focus();
  await app.page.keyboard.press('End');
  await expect(journal.rows.last()).toContainText('many/app:0.0.0');
  await journal.search.fill('0.0.4321');
  await expect(journal.rows).toHaveCount(1);
});
