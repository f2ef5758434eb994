import { afterEach, describe, expect, it } from 'vitest';
import { drawApp, leaveApps } from '#renderer/testing/draw-app.tsx';

afterEach(leaveApps);

describe('the builds screen', () => {
  it('opens a build, read only, with its error at the failing line and the end of its log', async () => {
    const app = await drawApp('#/build/b-fail');
    const step = await app.find(/^Line 10: RUN npm run build/);
    expect(step.getAttribute('aria-label')).toContain('failed');
    expect(step.getAttribute('aria-pressed')).toBe('true');
    expect(step.closest('li')?.textContent).toContain('ended with exit code 2');
    const log = await app.find(/^Log of line 10/);
    await app.until('its log', () => log.textContent?.includes('vite v8.3.8'));
    expect(app.all('Options…')).toHaveLength(0);
  });

  it('builds again with the options of that build', async () => {
    const app = await drawApp('#/build/b-web');
    await app.click('Build again');
    const id = await app.until('the new build', () => {
      const { route } = app.store.getState().navigation;
      return route.screen === 'build' && route.id !== 'b-web' && route.id;
    });
    await app.find('Build again');
    expect(app.store.getState().records.byId[id]).toMatchObject({
      value: { tags: ['acme/web:1.4.3', 'acme/web:1.4'] },
    });
  });

  it('deletes the ticked builds after asking', async () => {
    const app = await drawApp('#/builds');
    await app.until('the list', () => app.words().includes('45 builds'));
    const { builds } = app.store.getState();
    builds.setSelected(new Set(['b-fail', 'b-stop']));
    await app.click('Delete…');
    expect(app.words()).toContain('Delete 2 builds?');
    await app.click('Delete');
    await app.until('the rest', () => app.words().includes('43 builds'));
    expect(app.store.getState().builds.selected.size).toBe(0);
  });

  it('opens at the line that a link names, with its reasons, also from the middle of an instruction', async () => {
    const app = await drawApp('#/build/b-web/11');
    const step = await app.find(/^Line 10: RUN npm run build/);
    expect(step.getAttribute('aria-pressed')).toBe('true');
    expect((await app.find('Reasons1')).getAttribute('aria-selected')).toBe('true');
  });

  it('compares two ticked builds, and no other number of them', async () => {
    const app = await drawApp('#/builds');
    await app.until('the list', () => app.words().includes('45 builds'));
    const { builds } = app.store.getState();
    builds.setSelected(new Set(['b-web', 'b-fail', 'b-stop']));
    await app.until('three', () => app.words().includes('3 selected'));
    expect((await app.find('Compare')).getAttribute('aria-disabled')).toBe('true');
    builds.setSelected(new Set(['b-web', 'b-fail']));
    await app.until('two', () => app.words().includes('2 selected'));
    await app.click('Compare');
    // The older one comes first, whatever was ticked first.
    expect(app.store.getState().navigation.route).toEqual({
      screen: 'compare-builds',
      before: 'b-fail',
      after: 'b-web',
    });
    await app.until('the words', () => app.words().includes('Compare web'));
    await app.click('Swap');
    expect(app.store.getState().navigation.route).toMatchObject({ before: 'b-web', after: 'b-fail' });
  });

  it('says that a build is not kept any more', async () => {
    const app = await drawApp('#/build/gone');
    await app.until('the words', () => app.words().includes('is not kept any more'));
  });
});
