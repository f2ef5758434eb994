import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '#electron/engine/testing/processes.ts';
import { expect, test } from '../fixtures/browser-test.ts';
import { NO_BROWSER, NO_OTHER_TOOLS } from '../fixtures/tools.ts';
import { ImagesPage } from '../pages/images-page.ts';

test.skip(NO_BROWSER !== null, NO_BROWSER ?? '');

test('an archive is looked into without being loaded, compared, and then loaded', async ({
  app,
  box,
  page,
}) => {
  const folder = await box.files('web', {
    Dockerfile: 'FROM scratch\nCOPY motd /etc/\n',
    'etc/x': '',
    motd: 'one\n',
  });
  await box.strata(['build', folder, '-t', 'acme/web:1']);
  const tar = join(box.home, 'web.tar');
  await box.strata(['save', 'acme/web:1', '-o', tar, '--format', 'docker']);
  await box.files('web', { motd: 'two\n' });
  await box.strata(['build', folder, '-t', 'acme/web:2']);
  await box.strata(['rmi', 'acme/web:1']);

  await app.go('Images');
  await page.getByRole('button', { name: 'Open file…' }).click();
  const chooser = app.dialog('Open an image archive');
  await chooser.getByText('web.tar').click();
  await chooser.getByRole('button', { name: 'Look inside…' }).click();
  const archive = app.dialog('web.tar');
  await archive.getByRole('button', { name: 'Look inside acme/web:1' }).click();
  await expect(app.heading('acme/web')).toBeVisible();
  await expect(page.getByText('in web.tar')).toBeVisible();
  await page.getByText('etc', { exact: true }).first().click();
  await expect(page.getByText('motd').first()).toBeVisible();
  expect((await box.strata(['images', '--json'])).events).toHaveLength(1);

  await page.getByRole('button', { name: 'Compare…' }).click();
  await app
    .dialog(/^Compare/)
    .getByRole('button', { name: 'Compare', exact: true })
    .click();
  await expect(page.getByText('etc/motd').first()).toBeVisible();
  await page.goBack();
  await page.getByRole('button', { name: 'Load into Strata' }).click();
  await expect(app.dialog(/^Load/).getByText('acme/web:1')).toBeVisible();
  await app.dialog(/^Load/).getByRole('button', { name: 'Close' }).last().click();
  await app.go('Images');
  await expect(new ImagesPage(app).row(/acme\/web/)).toHaveCount(2);
});

test('a layout folder is loaded from the dialog', async ({ app, box, page }) => {
  const folder = await box.files('web', { Dockerfile: 'FROM scratch\nCOPY motd /etc/\n', motd: 'one\n' });
  await box.strata(['build', folder, '-t', 'acme/web:1']);
  const tar = join(box.folder, 'web.tar');
  await box.strata(['save', 'acme/web:1', '-o', tar]);
  await mkdir(join(box.home, 'layout'));
  await run('tar', ['-xf', tar, '-C', join(box.home, 'layout')]);
  await box.strata(['rmi', 'acme/web:1']);

  await app.go('Images');
  await page.getByRole('button', { name: 'Open file…' }).first().click();
  const chooser = app.dialog('Open an image archive');
  const load = chooser.getByRole('button', { name: 'Load', exact: true });
  await expect(load).toHaveAttribute('aria-disabled', 'true');
  await chooser.getByRole('option', { name: /^layout\s*OCI layout$/ }).click();
  await expect(load).not.toHaveAttribute('aria-disabled');
  await chooser.getByRole('button', { name: 'Look inside…' }).click();
  const layout = app.dialog('layout');
  await expect(layout.getByText('acme/web:1')).toBeVisible();
  await layout.getByRole('button', { name: 'Load into Strata' }).click();
  await expect(app.dialog(/^Load/).getByText('acme/web:1')).toBeVisible();
  expect((await box.strata(['images', '--json'])).events).toHaveLength(1);

  // Without a look, and from within the folder.
  await app.dialog(/^Load/).getByRole('button', { name: 'Close' }).last().click();
  await box.strata(['rmi', 'acme/web:1']);
  await page.getByRole('button', { name: 'Open file…' }).first().click();
  await chooser.getByRole('option', { name: /^layout/ }).dblclick();
  await expect(chooser.getByRole('listbox', { name: /layout$/ })).toBeVisible();
  await load.click();
  await expect(app.dialog(/^Load/).getByText('acme/web:1')).toBeVisible();
  expect((await box.strata(['images', '--json'])).events).toHaveLength(1);
});

test('paths stand for images on the command line', async ({ box }) => {
  const folder = await box.files('cli', { Dockerfile: 'FROM scratch\nCOPY a.txt /\n', 'a.txt': 'x' });
  await box.strata(['build', folder, '-t', 'acme/cli:1']);
  await box.strata(['save', 'acme/cli:1', '-o', 'cli.tar']);
  const [known] = (await box.strata(['inspect', 'acme/cli:1', '--json'])).events;
  await box.strata(['rmi', 'acme/cli:1']);
  for (const word of ['cli.tar', './cli.tar', './cli.tar@acme/cli:1', join(box.folder, 'cli.tar')]) {
    const [seen] = (await box.strata(['inspect', word, '--json'])).events;
    expect(seen?.manifestDigest).toBe(known?.manifestDigest);
  }
  expect((await box.strata(['files', 'cli.tar'])).stdout).toContain('a.txt');
  expect((await box.strata(['layers', './cli.tar'])).stdout).toContain('COPY a.txt /');
  expect((await box.strata(['history', './cli.tar'])).stdout).toContain('COPY a.txt /');
  expect((await box.strata(['compare', 'cli.tar', 'cli.tar'])).stdout).toContain('0 files added');
  await box.files('.', { 'broken.tar': 'no tar at all'.repeat(100) });
  const broken = await box.strata(['inspect', './broken.tar']);
  expect([broken.code === 0, broken.stderr]).toEqual([false, expect.stringContaining('strata: ')]);
  expect((await box.strata(['images', '--json'])).events).toEqual([]);
});

test('the shared store is off until it is turned on; what a tool pushes shows up, and who did it', async ({
  app,
  box,
  page,
}) => {
  test.skip(NO_OTHER_TOOLS !== null, NO_OTHER_TOOLS ?? '');
  const folder = await box.files('web', { Dockerfile: 'FROM scratch\nCOPY a.txt /\n', 'a.txt': 'x' });
  await box.strata(['build', folder, '-t', 'acme/web:1']);
  await app.go('Settings');
  const share = page.getByRole('region', { name: 'Share this store' });
  await expect(share.getByText('Other machines do not reach it')).toBeVisible();
  await share.getByRole('textbox', { name: 'Port' }).fill('0');
  await share.getByRole('button', { name: 'Turn on' }).click();
  const address = (await share.getByText(/^127\.0\.0\.1:\d+$/).textContent()) ?? '';
  await expect(share.getByText(`docker pull ${address}/acme/web:1`)).toBeVisible();
  await expect(share.getByText('Nobody pulled or pushed anything yet.')).toBeVisible();
  const from = `docker://${address}/acme/web:1`;
  const to = `docker://${address}/pushed/back:1`;
  await run('skopeo', [
    '--insecure-policy',
    'copy',
    '--src-tls-verify=false',
    '--dest-tls-verify=false',
    from,
    to,
  ]);
  const uses = share.getByRole('list', { name: 'Who used the share' });
  await expect(uses.getByText('pushed/back:1')).toBeVisible();
  await expect(uses.getByText('acme/web:1')).toBeVisible();
  await app.go('Images');
  await expect(new ImagesPage(app).row(/pushed\/back/)).toBeVisible();
  await app.go('Settings');
  await share.getByRole('button', { name: 'Turn off' }).click();
  await expect(share.getByText('Other machines do not reach it')).toBeVisible();
  await expect(fetch(`http://${address}/v2/`)).rejects.toThrow();
});
