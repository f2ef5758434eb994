import { expect, test } from '../fixtures/browser-test.ts';
import type { Docker } from '../fixtures/docker.ts';
import { NO_BROWSER, NO_DOCKER } from '../fixtures/tools.ts';
import { startWebHost } from '../fixtures/web-host.ts';
import { AppPage } from '../pages/app-page.ts';

const missing = NO_BROWSER ?? NO_DOCKER;
test.skip(missing !== null, missing ?? '');

test('without an engine the screen says what to do and everything else works', async ({ app }) => {
  await app.go('Containers');
  await expect(app.page.getByRole('heading', { name: 'No Docker or Podman engine answers' })).toBeVisible();
  await app.page.getByRole('main').getByRole('button', { name: 'Look again' }).click();
  await expect(app.page.getByRole('main')).toContainText('no-docker.sock');
  await app.go('Images');
  await app.go('Projects');
});

test('containers of a real engine are listed, followed, stopped, started and removed', async ({
  box,
  docker,
  page,
  registry,
}) => {
  const image = `${registry}/library/nginx:1.27-alpine`;
  await docker.docker('pull', '--quiet', image);
  await docker.docker('run', '--detach', '--name', 'web', '--publish', '127.0.0.1::80', image);
  const host = await startWebHost(box, { DOCKER_HOST: docker.host });
  try {
    const app = new AppPage(page, host.origin);
    await page.goto(host.address);
    await app.isReady();
    await app.go('Containers');
    const grid = page.getByRole('grid', { name: 'Containers' });
    const row = (name: string) => grid.getByRole('row', { name: new RegExp(`\\b${name}\\b`) });
    await expect(row('web')).toContainText(image);
    await expect(row('web')).toContainText('Up');
    await expect(row('web').getByRole('link')).toHaveAttribute('href', /^http:\/\/127\.0\.0\.1:\d+\/$/);

    await docker.docker(
      'run',
      '--detach',
      '--name',
      'talker',
      '--entrypoint',
      'sh',
      image,
      '-c',
      'trap exit TERM; i=0; while true; do i=$((i+1)); echo "line $i"; sleep 0.2; done',
    );
    await expect(row('talker'), 'events refresh the list').toBeVisible();
    await row('talker').click();
    const log = page.getByRole('log', { name: 'Log of talker' });
    await expect(log).toContainText('line 5');
    await row('talker').getByRole('button', { name: 'Stop talker' }).click();
    await expect(row('talker')).toContainText(/Exited/, { timeout: 20_000 });
    await row('talker').getByRole('button', { name: 'Start talker' }).click();
    await expect(row('talker')).toContainText('Up');
    await row('talker').getByRole('button', { name: 'Remove talker…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Kill and remove' }).click();
    await expect.poll(() => names(docker)).toEqual(['web']);
    await expect(row('talker')).toHaveCount(0);
    await docker.docker('rm', '--force', 'web');
    await expect(row('web')).toHaveCount(0);
  } finally {
    await host.stop();
  }
});

test('an engine that goes away leaves a calm state, and comes back by itself or on asking', async ({
  box,
  docker,
  page,
}) => {
  const host = await startWebHost(box, { DOCKER_HOST: docker.host });
  try {
    const app = new AppPage(page, host.origin);
    await page.goto(host.address);
    await app.isReady();
    await app.go('Containers');
    await expect(page.getByRole('main')).toContainText(/no containers|containers/i);
    await docker.stop();
    await expect(page.getByRole('heading', { name: 'No Docker or Podman engine answers' })).toBeVisible({
      timeout: 20_000,
    });
    await docker.start();
    await page.getByRole('main').getByRole('button', { name: 'Look again' }).click();
    await expect(page.getByRole('heading', { name: 'No Docker or Podman engine answers' })).toBeHidden({
      timeout: 20_000,
    });
  } finally {
    await host.stop();
  }
});

async function names(docker: Docker): Promise<string[]> {
  return (await docker.docker('ps', '--all', '--format', '{{.Names}}')).trim().split('\n');
}
