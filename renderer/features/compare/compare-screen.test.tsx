import { afterEach, describe, expect, it } from 'vitest';
import { drawApp, leaveApps } from '#renderer/testing/draw-app.tsx';

afterEach(leaveApps);

const PAIR = '#/compare/builtin/acme%2Fweb%3A1.4.1/acme%2Fweb%3A1.4.2';

describe('the compare screen', () => {
  it('shows figures, both stacks and the files, and goes on with the next page', async () => {
    const app = await drawApp(PAIR);
    await app.until('the figures', () => app.words().includes('8 of 9 layers the same'));
    expect(app.words()).toContain('Compare acme/web:1.4.1 with acme/web:1.4.2');
    expect(app.words()).toContain('+ added');
    expect(app.words()).toContain('node:20-slim · 5 layers');
    const grid = await app.find('Files that differ');
    await app.until('the files', () => grid.textContent?.includes('/app/node_modules/typescript/'));
    expect(grid.getAttribute('aria-rowcount')).toBe('706');
    await app.press(grid, 'End');
    await app.until('all rows', () => app.store.getState().comparison.differences.rows.length === 705);
  });

  it('finds paths', async () => {
    const app = await drawApp(PAIR);
    await app.type('Search paths', 'passwd');
    await app.until('the one path', () => app.words().includes('1 path'));
    await app.type('Search paths', 'no such');
    await app.until('the words', () => app.words().includes('No path contains “no such”.'));
  });

  it('swaps, and tells settings and history apart', async () => {
    const app = await drawApp(PAIR);
    await app.click('Swap');
    await app.until('the other way', () =>
      app.words().includes('Compare acme/web:1.4.2 with acme/web:1.4.1'),
    );
    expect(app.words()).toContain('− removed');
    await app.click(/^Config/);
    expect(app.words()).toContain('NODE_ENVnot set+ production');
    await app.click('History');
    expect(app.words()).toContain('RUN npm ci --omit=dev');
  });

  it('is calm about two equal images, and says which is missing', async () => {
    const app = await drawApp('#/compare/builtin/acme%2Fweb%3A1.4.2/acme%2Fweb%3A1.4');
    await app.until('the words', () => app.words().includes('The files are the same'));
    const other = await drawApp('#/compare/builtin/acme%2Fweb%3A1.4.2/gone%3A1');
    await other.until('the words', () => other.words().includes('There is no image gone:1 here.'));
  });
});

describe('the ways to the compare screen', () => {
  it('lead from an image over the list of others, tags of its repository first', async () => {
    const app = await drawApp('#/image/builtin/acme%2Fweb%3A1.4.2');
    await app.click('Compare…');
    await app.find('Find an image');
    expect(document.querySelector('[role=dialog] [role=option]')?.textContent).toContain('acme/web:1.4.1');
    await app.type('Find an image', 'worker');
    await app.click('Compare');
    expect(app.store.getState().navigation.route).toMatchObject({ screen: 'compare' });
    await app.until('the title', () => app.words().includes('Compare acme/worker:0.9.0 with acme/web:1.4.2'));
  });

  it('lead from exactly two ticked images', async () => {
    const app = await drawApp('#/images');
    await app.click('Select acme/web:1.4.2');
    await app.click('Compare');
    expect(app.store.getState().navigation.route.screen).toBe('images');
    await app.click('Select acme/web:1.4.1');
    await app.click('Compare');
    await app.until('the title', () => app.words().includes('Compare acme/web:1.4.1 with acme/web:1.4.2'));
  });
});
