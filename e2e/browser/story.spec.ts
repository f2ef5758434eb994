import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '../fixtures/browser-test.ts';
import { NODE_PROJECT } from '../fixtures/course.ts';
import { findFaults } from '../fixtures/store-check.ts';
import { NO_DOCKER, NO_OTHER_TOOLS, skopeoConfig, skopeoInspect } from '../fixtures/tools.ts';
import { ImagePage } from '../pages/image-page.ts';
import { ProjectPage } from '../pages/project-page.ts';
import { ProjectsPage } from '../pages/projects-page.ts';
import { TagDialog } from '../pages/tag-dialog.ts';
import { TransferDialog } from '../pages/transfer-dialog.ts';

test.describe.configure({ timeout: 150_000 });

test.describe('with Docker and skopeo beside it', () => {
  const missing = NO_DOCKER ?? NO_OTHER_TOOLS;
  test.skip(missing !== null, missing ?? '');

  test('from a project folder to a pushed image that Docker runs', async ({ app, box, registry, docker }) => {
    const folder = await box.files('home/shop', NODE_PROJECT);
    const ref = `${registry}/story/shop:1.0.0`;
    const project = new ProjectPage(app);
    const image = new ImagePage(app);

    await test.step('open the folder', async () => {
      await expect(app.page.getByRole('heading', { name: 'Build your first image' })).toBeVisible();
      await new ProjectsPage(app).openFolder(folder);
      await project.expectStates({ 1: 'predicted: will build', 4: 'predicted: will build' });
      await expect(app.page.getByText(/^6 files · /)).toBeVisible();
    });

    await test.step('build it and watch the steps', async () => {
      await project.build();
      await project.expectStates({
        1: 'built',
        2: 'built',
        3: 'built',
        4: 'built',
        5: 'built',
        6: 'built',
      });
      await project.line(4).click();
      await expect(project.log).toContainText('added 2 packages');
    });

    await test.step('look at layers and files', async () => {
      await project.openImage();
      await expect(image.layers.getByRole('option')).toHaveCount(6);
      await expect(image.layers.getByRole('group', { name: /^Your layers · 4/ })).toBeVisible();
      await expect(image.layers.getByRole('group', { name: /^node:20-slim · 2 layers/ })).toBeVisible();
      await image.layer('RUN npm ci').click();
      await expect(image.file('node_modules')).toContainText('added');
      await image.layer('COPY . .').click();
      await expect(image.file('src')).toContainText('added');
      await expect(image.file('debug.log')).toBeHidden();
      await expect(image.file('package.json')).toContainText('changed');
      await expect(await image.tab('Config')).toContainText('["node","src/server.js"]');
      await expect(await image.tab('History')).toContainText('RUN npm ci');
    });

    const digest = await test.step('tag it and push it', async () => {
      await image.openTags();
      const tags = new TagDialog(app);
      await tags.add(ref);
      await tags.close();
      await image.openPush();
      const push = new TransferDialog(app, 'Push');
      await expect(push.target).toHaveValue(ref);
      await expect(push.frame).toContainText(`to ${registry}`);
      await expect(push.frame.getByRole('status')).toContainText('not there yet');
      await push.button('Push').click();
      const pushed = await push.digest();
      await expect(push.frame).toContainText(`${registry}/story/shop@${pushed}`);
      await expect(push.layers.getByRole('listitem').first()).toContainText(/sent|already there/);
      await push.close();
      return pushed;
    });

    await test.step('pulled back by digest into an empty store it is equal', async () => {
      const env = { STRATA_HOME: join(box.folder, 'empty') };
      const pinned = `${registry}/story/shop@${digest}`;
      expect((await box.strata(['pull', pinned], { env })).code).toBe(0);
      const [there] = (await box.strata(['inspect', pinned, '--json'], { env })).events;
      const [here] = (await box.strata(['inspect', ref, '--json'])).events;
      expect([there?.rawManifest, there?.rawConfig]).toEqual([here?.rawManifest, here?.rawConfig]);
      for (const path of ['/app', '/app/src', '/app/node_modules']) {
        const files = await box.strata(['files', pinned, path], { env });
        expect(files.stdout).toBe((await box.strata(['files', ref, path])).stdout);
      }
      expect(await findFaults(env.STRATA_HOME)).toEqual([]);
      expect((await skopeoInspect(`docker://${ref}`)).Digest).toBe(digest);
      expect(await skopeoConfig(`docker://${ref}`)).toBe(here?.rawConfig);
    });

    await test.step('a container started from it runs', async () => {
      await docker.docker('pull', '--quiet', `${registry}/story/shop@${digest}`);
      const id = (await docker.docker('run', '--detach', `${registry}/story/shop@${digest}`)).trim();
      expect(await docker.docker('logs', id)).toContain('stand-in for node: src/server.js');
      expect((await docker.docker('inspect', '--format', '{{.State.Running}}', id)).trim()).toBe('true');
      expect(await docker.docker('exec', id, 'cat', '/app/src/server.js')).toBe(
        NODE_PROJECT['src/server.js'],
      );
      await docker.docker('rm', '--force', id);
    });
  });
});

test('a second build is all hits; after an edit exactly the later steps miss, the file named before and after', async ({
  app,
  box,
}) => {
  const folder = await box.files('home/shop', NODE_PROJECT);
  const project = new ProjectPage(app);
  await new ProjectsPage(app).openFolder(folder);
  await project.build();
  await project.build();
  await project.expectStates({
    1: 'cached',
    2: 'cached',
    3: 'cached',
    4: 'cached',
    5: 'cached',
    6: 'cached',
  });
  await expect(app.page.getByText('6 of 6 steps cached')).toBeVisible();

  await appendFile(join(folder, 'src/prices.js'), 'exports.lamp = 49;\n');
  await project.expectStates({
    4: 'predicted: cached',
    5: 'predicted: will rebuild',
    6: 'predicted: will rebuild',
  });
  await expect(project.reasons(5)).toContainText('src/prices.js changed');

  await project.build();
  await project.expectStates({
    1: 'cached',
    2: 'cached',
    3: 'cached',
    4: 'cached',
    5: 'rebuilt',
    6: 'rebuilt',
  });
  await expect(project.reasons(5)).toContainText('src/prices.js changed');
  await expect(app.page.getByText('predicted before the click, confirmed after')).toBeVisible();
});

test('the sample is a first minute without network', async ({ app, box }) => {
  await box.settings({});
  await app.page.getByRole('button', { name: 'Try the sample project…' }).click();
  const dialog = app.dialog(/sample/i);
  await dialog.getByRole('textbox', { name: 'Name of the new folder' }).fill('first');
  await dialog.getByRole('button', { name: /^Create/ }).click();
  await expect(app.heading('first')).toBeVisible();
  const project = new ProjectPage(app);
  await expect(project.buildButton).toBeVisible();
  await project.build();
  await project.build();
  await expect(app.page.getByText('13 of 13 steps cached')).toBeVisible();
});
