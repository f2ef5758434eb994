import { afterEach, describe, expect, it } from 'vitest';
import { drawApp, leaveApps } from '#renderer/testing/draw-app.tsx';
import { failWith } from '#renderer/testing/fail-with.ts';

afterEach(leaveApps);

describe('the project screen', () => {
  it('shows the prediction with its reasons before the click', async () => {
    const app = await drawApp('#/project/web');
    const copy = await app.find(/^Line 9: COPY \. \./);
    expect(copy.getAttribute('aria-label')).toContain('predicted: will rebuild');
    expect((await app.find(/^Line 8: RUN npm ci/)).getAttribute('aria-label')).toContain('predicted: cached');
    expect((await app.find(/^Line 21:/)).getAttribute('aria-label')).toContain('cannot be predicted');
    expect(app.words()).toContain('src/app.ts changed');
    expect(app.words()).toContain('9 of 17 steps cached');
    expect(app.words()).toContain('SecretsUsedInArgOrEnv');
  });

  it('builds, follows the steps, and offers what to do with the image', async () => {
    const app = await drawApp('#/project/web');
    await app.click('Build');
    await app.find('Open image');
    expect(app.words()).toContain('predicted before the click, confirmed after');
    expect((await app.find(/^Line 10: RUN npm run build/)).getAttribute('aria-label')).toContain('rebuilt');
    const log = await app.find(/^Log of line 10/);
    await app.until('its log', () => log.textContent?.includes('web@1.4.3 build'));
    await app.click('Push…');
    expect(app.store.getState().dialogs.open).toMatchObject({ kind: 'push-image', target: 'acme/web:1.4.3' });
  });

  it('can be cancelled, and says that finished steps stay', async () => {
    const app = await drawApp('#/project/web', { beat: 30 });
    await app.click('Build');
    await app.click('Cancel');
    await app.until('the end', () => /Cancelled after .*Finished steps stay in the cache/.test(app.words()));
    expect(await app.find('Build')).toBeTruthy();
  });

  it('shows the next prediction again when a file changes', async () => {
    const app = await drawApp('#/project/web');
    await app.click('Build');
    await app.find('Open image');
    app.host.touch(['src/app.ts']);
    await app.until('the prediction', () => app.store.getState().workbench.shown === 'plan');
    await app.find(/^Line 9: .*predicted/);
    await app.click('Last build');
    expect((await app.find(/^Line 9:/)).getAttribute('aria-label')).toContain('rebuilt');
  });

  it('shows what makes a prediction impossible at its line, as a build would', async () => {
    const app = await drawApp('#/project/web');
    await app.find(/^Line 9: /);
    const range = { line: 9, column: 0, endLine: 9, endColumn: 8 };
    Object.assign(app.host.client.projects, {
      predict: async () => {
        throw failWith({
          code: 'not-found',
          message: '"src" is not in the build context.',
          detail: { kind: 'source', path: '/home/ada/code/web/Dockerfile', range },
        });
      },
    });
    app.host.touch(['src']);
    const alert = await app.until('the error', () => document.querySelector('[role=alert]'));
    expect(alert.closest('li')?.textContent).toContain('COPY . .');
    expect(alert.textContent).toContain('"src" is not in the build context.');
  });

  it('tells which engine builds it when that is another than the built-in one', async () => {
    const app = await drawApp('#/project/web');
    await app.find(/^Line 9: /);
    expect(app.words()).not.toContain('built by');
    const { client } = app.host;
    const web = (await client.projects.list()).find(({ id }) => id === 'web');
    if (web === undefined) throw new Error('There is no project web.');
    await client.projects.setOptions({ id: 'web', options: { ...web.options, engine: 'docker' } });
    await app.store.getState().projects.load();
    await app.until('the engine', () => app.words().includes('built by Docker'));
  });

  it('leads from instruction to instruction by arrow keys', async () => {
    const app = await drawApp('#/project/web');
    const first = await app.find(/^Line 2: ARG/);
    await app.press(first, 'ArrowDown');
    expect(document.activeElement?.getAttribute('data-line')).toBe('4');
    expect(document.activeElement?.getAttribute('aria-pressed')).toBe('true');
    await app.press(document.activeElement ?? first, 'End');
    expect(document.activeElement?.getAttribute('data-line')).toBe('26');
  });

  it('advises with what it cost, and leads to the line', async () => {
    const app = await drawApp('#/project/web');
    await app.click(/^Advice/);
    expect(app.words()).toContain('COPY . . stands before RUN npm run build');
    expect(app.words()).toContain('In your last 20 builds that cost 14 rebuilds, 6 min 40 s');
    await app.click('line 18');
    expect((await app.find(/^Line 18:/)).getAttribute('aria-pressed')).toBe('true');
  });

  it('has smaller bases measured at their registry when asked to', async () => {
    const app = await drawApp('#/project/web');
    await app.click(/^Advice/);
    await app.click('Measure smaller ones at its registry');
    await app.until('the sizes', () => app.words().includes('node:20-slim 80.0 MB (at its registry)'));
    expect(app.all('Measure smaller ones at its registry')).toHaveLength(0);
  });

  it('says that without builds little can be advised', async () => {
    const app = await drawApp('#/project/site');
    await app.click('Advice');
    expect(app.words()).toContain('once there are builds to count');
  });

  it('tells that a project is gone', async () => {
    const app = await drawApp('#/project/nothing');
    await app.find('All projects');
    expect(app.words()).toContain('not in the list any more');
  });
});

describe('build options', () => {
  it('refuses a wrong tag at its row, and remembers right ones', async () => {
    const app = await drawApp('#/project/web');
    await app.click('Options…');
    await app.type('Tag 1', 'Acme/Web');
    await app.click('Save');
    expect(app.words()).toContain('must be in lower case');
    await app.type('Tag 1', 'acme/web');
    await app.type('Value of NODE_VERSION', '22');
    await app.click('Save');
    await app.until('the end of the dialog', () => app.store.getState().dialogs.open === null);
    const { list } = app.store.getState().projects;
    expect(list.status === 'ready' && list.value[0]?.options).toMatchObject({
      tags: ['acme/web:latest', 'acme/web:1.4'],
      buildArgs: { NODE_VERSION: '22' },
    });
  });

  it('does not lose the remembered options to one build without the cache', async () => {
    const app = await drawApp('#/project/web');
    await app.find('Build');
    const { workbench, projects } = app.store.getState();
    const before = projects.list.status === 'ready' ? projects.list.value[0]?.options : undefined;
    expect(before).toBeDefined();
    if (before !== undefined) await workbench.build({ ...before, noCache: true });
    await app.find('Open image');
    const after = app.store.getState().projects.list;
    expect(after.status === 'ready' && after.value[0]?.options.noCache).toBe(false);
  });
});
