import type { Page } from '@playwright/test';
import { importBase } from '#electron/engine/testing/busybox-base.ts';
import { makeSmallTar } from '#electron/engine/testing/small-tar.ts';
import { expect, test } from '../fixtures/browser-test.ts';
import { NO_BROWSER, NO_DOCKER } from '../fixtures/tools.ts';
import { startWebHost, type WebHost } from '../fixtures/web-host.ts';
import { AppPage } from '../pages/app-page.ts';
import { ImagesPage } from '../pages/images-page.ts';

const missing = NO_BROWSER ?? NO_DOCKER;
test.skip(missing !== null, missing ?? '');

async function open(page: Page, host: WebHost): Promise<AppPage> {
  const app = new AppPage(page, host.origin);
  await page.goto(host.address);
  await app.isReady();
  return app;
}

test('images go to Docker, run there, and come back with the same image ID', async ({
  box,
  docker,
  page,
}) => {
  const folder = await box.files('site', { Dockerfile: 'FROM scratch\nCOPY a.txt /\n', 'a.txt': 'hello\n' });
  for (const tag of ['acme/site:1.0', 'acme/site:2.0']) {
    await box.files('site', { 'a.txt': tag });
    expect((await box.strata(['build', folder, '-t', tag])).code).toBe(0);
  }
  const [inspected] = (await box.strata(['inspect', 'acme/site:1.0', '--json'])).events;
  const host = await startWebHost(box, { DOCKER_HOST: docker.host });
  try {
    const app = await open(page, host);
    await app.go('Images');
    const images = new ImagesPage(app);
    await images.choose('acme/site:1.0', 'Send to Docker…');
    const send = app.dialog('Send acme/site:1.0 to Docker');
    await send.getByRole('button', { name: 'Send', exact: true }).click();
    await expect(send.getByText('acme/site:1.0 is in Docker')).toBeVisible();
    await expect(send.getByText('docker run --rm acme/site:1.0')).toBeVisible();
    const id = (await docker.docker('image', 'inspect', '--format', '{{.Id}}', 'acme/site:1.0')).trim();
    expect(id).toBe(inspected?.imageId);
    await send.getByRole('button', { name: 'Close' }).last().click();

    await images.select('acme/site:1.0');
    await images.select('acme/site:2.0');
    await page.getByRole('button', { name: 'Send to…' }).click();
    const all = app.dialog('Send 2 images to Docker');
    await all.getByRole('button', { name: 'Send all' }).click();
    await expect.poll(() => docker.docker('images', '--quiet', 'acme/site')).toMatch(/\S+\n\S+/);

    await importBase(docker.socketPath, 'team/taken:1', await makeSmallTar());
    await app.engine.click();
    await page.getByRole('menuitem', { name: /^Docker/ }).click();
    await images.choose('team/taken:1', 'Compare…');
    const take = app.dialog('Take team/taken:1 into Strata');
    await expect(take.getByText('Docker does not hand out the files of its layers')).toBeVisible();
    await take.getByRole('button', { name: 'Take', exact: true }).click();
    const taken = app.dialog('Take team/taken:1 from Docker');
    await expect(taken.getByText('team/taken:1 is here')).toBeVisible();
    await expect(taken.getByText('Docker gave the layers unpacked')).toBeVisible();
    await taken.getByRole('button', { name: 'Show the image' }).click();
    await expect(page.getByRole('treegrid').or(page.getByRole('tree')).first()).toBeVisible();
    const [here] = (await box.strata(['inspect', 'team/taken:1', '--json'])).events;
    const there = await docker.docker('image', 'inspect', '--format', '{{.Id}}', 'team/taken:1');
    expect(here?.imageId).toBe(there.trim());
  } finally {
    await host.stop();
  }
});

test('on the command line images are sent and taken, with plain words when nobody answers', async ({
  box,
  docker,
}) => {
  const env = { DOCKER_HOST: docker.host };
  const folder = await box.files('cli', { Dockerfile: 'FROM scratch\nCOPY a.txt /\n', 'a.txt': 'cli\n' });
  await box.strata(['build', folder, '-t', 'acme/cli:1']);
  const sent = await box.strata(['send', 'acme/cli:1', '--to', 'docker', '--as', 'acme/there:1'], { env });
  expect([sent.code, sent.stdout]).toEqual([0, expect.stringContaining('docker run --rm acme/there:1')]);
  await box.strata(['rmi', 'acme/cli:1']);
  const taken = await box.strata(['take', 'acme/there:1', '--from', 'docker', '--json'], { env });
  expect(taken.events).toMatchObject([{ type: 'finished', ok: true, references: ['acme/there:1'] }]);
  expect((await box.strata(['files', 'acme/there:1'])).stdout).toContain('a.txt');
  const away = await box.strata(['send', 'acme/there:1', '--to', 'docker']);
  expect(away.code).not.toBe(0);
  expect((await box.strata(['send', 'acme/there:1', '--to', 'nobody'])).stderr).toContain('--to docker');
});
