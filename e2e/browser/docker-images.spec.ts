import { expect, test } from '../fixtures/browser-test.ts';
import { COURSE } from '../fixtures/course.ts';
import { NO_BROWSER, NO_DOCKER } from '../fixtures/tools.ts';
import { startWebHost } from '../fixtures/web-host.ts';
import { AppPage } from '../pages/app-page.ts';
import { ImagesPage } from '../pages/images-page.ts';
import { ProjectPage } from '../pages/project-page.ts';
import { ProjectsPage } from '../pages/projects-page.ts';
import { TransferDialog } from '../pages/transfer-dialog.ts';

const missing = NO_BROWSER ?? NO_DOCKER;
test.skip(missing !== null, missing ?? '');

test('images of Docker are listed, tagged, pushed and removed, and built there as a choice', async ({
  box,
  docker,
  page,
  registry,
}) => {
  await docker.docker('pull', '--quiet', `${registry}/library/nginx:1.27-alpine`);
  await docker.docker('tag', `${registry}/library/nginx:1.27-alpine`, 'nginx:1.27-alpine');
  const folder = await box.files('home/site', COURSE[0]?.files ?? {});
  const host = await startWebHost(box, { DOCKER_HOST: docker.host });
  try {
    const app = new AppPage(page, host.origin);
    await page.goto(host.address);
    await app.isReady();
    await new ProjectsPage(app).openFolder(folder);
    await page.getByRole('button', { name: 'Options…' }).click();
    const options = app.dialog('Build options of site');
    await options.getByRole('radio', { name: /^Docker/ }).click();
    await options.getByRole('textbox', { name: 'Tag 1' }).fill(`${registry}/by-docker/site:1`);
    await options.getByRole('button', { name: 'Save and build' }).click();
    const project = new ProjectPage(app);
    await project.isBuilt();
    await project.expectStates({ 2: /, (re)?built(,|$)/ });

    await app.engine.click();
    await page.getByRole('menuitem', { name: /^Docker/ }).click();
    await app.go('Images');
    const images = new ImagesPage(app);
    await images.choose(`${registry}/by-docker/site:1`, 'Push…');
    const push = new TransferDialog(app, 'Push');
    await push.button('Push').click();
    expect(await push.digest()).toMatch(/^sha256:/);
    await push.close();
    await docker.docker('tag', 'nginx:1.27-alpine', 'fresh:1');
    await expect(images.row(/Select .*fresh:1|fresh/).first(), 'events refresh the list').toBeVisible();
  } finally {
    await host.stop();
  }
});
