import { afterEach, describe, expect, it } from 'vitest';
import { type DrawnApp, drawApp, leaveApps } from '#renderer/testing/draw-app.tsx';

afterEach(leaveApps);

const WEB = '#/image/builtin/acme%2Fweb%3A1.4.2';

async function opened(): Promise<{ app: DrawnApp; stack: HTMLElement }> {
  const app = await drawApp(WEB);
  return { app, stack: await app.find('Layers, newest first') };
}

const chosen = (): string | null | undefined =>
  document.querySelector('[role=option][aria-selected=true]')?.textContent;

describe('the image screen', () => {
  it('draws own layers apart from those of the base, newest on top', async () => {
    const { app, stack } = await opened();
    await app.until('the waste', () => stack.textContent?.includes('41.8 MB, wastes 9.1 MB unpacked'));
    const layers = [...stack.querySelectorAll('[role=option]')].map((layer) => layer.textContent);
    expect(layers).toHaveLength(9);
    expect(layers[1]).toContain('RUN npm ci --omit=dev');
    expect(stack.textContent).toContain('node:20-slim · 5 layers');
  });

  it('is walked by arrow keys, and the files follow', async () => {
    const { app, stack } = await opened();
    expect(chosen()).toContain('COPY . .');
    await app.press(stack, 'ArrowDown');
    expect(chosen()).toContain('RUN npm ci --omit=dev');
    await app.until('its files', () => app.words().includes('tmp'));
    await app.press(stack, 'End');
    expect(chosen()).toContain('debian.sh');
  });

  it('tells how the last build came by a layer, and leads to the line that made it', async () => {
    const { app, stack } = await opened();
    await app.until('the badge', () => stack.textContent?.includes('COPY . .rebuilt 0.3 s1.2 MB'));
    await app.click('Made by Dockerfile line 9 · rebuilt 0.3 s');
    expect(window.location.hash).toBe('#/build/b-web/9');
  });

  it('tells changes in signs and words', async () => {
    const { app, stack } = await opened();
    await app.press(stack, 'ArrowDown');
    const tree = await app.find('Path in this layer');
    await app.until('the root', () => tree.textContent?.includes('root'));
    for (const key of ['End', 'Enter', 'End']) await app.press(tree, key);
    await app.until('the removed file', () => tree.textContent?.includes('− removed'));
    expect(tree.textContent).toContain('~ changed');
  });

  it('shows the beginning of a file and saves it', async () => {
    const { app } = await opened();
    await app.click(/^dist/);
    await app.click(/^server\.js~/);
    await app.until('its text', () => app.words().includes('createServer'));
    expect(app.words()).toContain('Only the beginning of 8.1 KB is shown.');
    await app.click('Save file…');
    await app.until('the notice', () => app.words().includes('File saved'));
  });

  it('says what the image starts with', async () => {
    const { app } = await opened();
    await app.click('Config');
    expect(app.words()).toContain('["node","dist/server.js"]');
    expect(app.words()).toContain('NODE_ENV=production');
  });

  it('leads from a step of the history to its layer', async () => {
    const { app } = await opened();
    await app.click('History');
    await app.click(/^RUN npm ci.*MB/);
    expect(chosen()).toContain('RUN npm ci');
  });

  it('says that an image is not there', async () => {
    const app = await drawApp('#/image/builtin/no%3Asuch');
    await app.until('the words', () => app.words().includes('There is no image no:such here.'));
  });
});
