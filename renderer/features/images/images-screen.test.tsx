import { afterEach, describe, expect, it } from 'vitest';
import { type DrawnApp, drawApp, leaveApps } from '#renderer/testing/draw-app.tsx';
import { hold } from '#renderer/testing/hold.ts';

afterEach(leaveApps);

const rowNames = (app: DrawnApp): readonly string[] =>
  app
    .all(/./)
    .flatMap((element) => (element.getAttribute('role') === 'row' ? [element.textContent ?? ''] : []))
    .slice(1);

async function loaded(options = {}): Promise<{ app: DrawnApp; grid: HTMLElement }> {
  const app = await drawApp('#/images', options);
  const grid = await app.find('Images');
  const table = await app.until('the table', () => document.querySelector<HTMLElement>('[role=grid]'));
  return { app, grid: table ?? grid };
}

describe('the images table', () => {
  it('draws only the rows in view of thousands', async () => {
    const { app, grid } = await loaded({ extraImages: 3000 });
    await app.until('the rows', () => rowNames(app).length > 5);
    expect(grid.getAttribute('aria-rowcount')).toBe('3010');
    expect(rowNames(app).length).toBeLessThan(80);
  });

  it('sorts by a column, and by the other way on the second click', async () => {
    const { app } = await loaded();
    await app.click('Size');
    expect(rowNames(app)[0]).toContain('acme/monolith');
    await app.click('Size');
    expect(rowNames(app)[0]).toContain('python');
    expect(document.querySelector('[aria-sort=ascending]')?.textContent).toBe('Size');
  });

  it('is walked, ticked and opened by keyboard', async () => {
    const { app, grid } = await loaded();
    await app.press(grid, 'ArrowDown');
    await app.press(grid, 'ArrowDown');
    await app.press(grid, ' ');
    expect(app.store.getState().images.selected.size).toBe(1);
    expect(app.words()).toContain('1 selected');
    await app.press(grid, 'End');
    await app.press(grid, 'Enter');
    expect(app.store.getState().navigation.route).toMatchObject({ screen: 'image', engine: 'builtin' });
  });

  it('keeps the menu button of a row while the pointer comes, so that a fast click is not lost', async () => {
    const { app } = await loaded();
    const dots = () => app.all(/^More about/)[0];
    const before = dots();
    before?.dispatchEvent(new MouseEvent('pointerover', { bubbles: true }));
    await app.until('the pointer to be told', () => true);
    expect(before?.isConnected).toBe(true);
    expect(dots()).toBe(before);
    await app.click(/^More about/);
    await app.find('Layers and files');
  });

  it('finds by words and tells how many fit each filter', async () => {
    const { app } = await loaded();
    await app.type('Search images', 'acme 1.4');
    await app.until('two rows', () => rowNames(app).length === 2);
    await app.type('Search images', 'nothing like it');
    expect(app.words()).toContain('No image fits “nothing like it”.');
    await app.type('Search images', '');
    await app.click(/^Dangling/);
    expect(rowNames(app)).toHaveLength(1);
  });

  it('asks before removing, names what goes, and leaves what is in use', async () => {
    const { app } = await loaded();
    await app.click('Select acme/web:1.4.2');
    await app.click('Select acme/worker:0.9.0');
    await app.until('the bytes', () => app.words().includes('removing them frees 54.2 MB, 1 in use'));
    await app.click('Remove…');
    expect(app.words()).toContain('acme/web:1.4.2, acme/web:1.4');
    expect(app.words()).toContain('web-1 runs from it.');
    await app.click('Remove');
    await app.until('the refusal', () => app.words().includes('1 image could not be removed'));
    expect(app.host.images().some((image) => image.names.includes('acme/worker:0.9.0'))).toBe(false);
    expect(app.host.images().some((image) => image.names.includes('acme/web:1.4.2'))).toBe(true);
  });

  it('says calmly that there is nothing, and how to get something', async () => {
    const app = await drawApp('#/images', { empty: true });
    await app.until('the words', () => app.words().includes('No images yet'));
    await app.click('Build a project');
    expect(app.store.getState().navigation.route).toEqual({ screen: 'projects' });
  });
});

describe('the tag dialog', () => {
  it('warns before a tag is taken from another image, moves it, and takes it back', async () => {
    const { app } = await loaded();
    const owner = () => app.host.images().find((image) => image.names.includes('acme/web:1.4.1'))?.id;
    const before = owner();
    await app.click('Select acme/web:1.4.2');
    app.store.getState().dialogs.show({
      kind: 'tag-image',
      image: {
        engine: 'builtin',
        id: app.host.images()[0]?.id ?? '',
        ref: 'acme/web:1.4.2',
        name: 'acme/web:1.4.2',
      },
    });
    await app.type('New tag', 'acme/web:1.4.1');
    await app.until('the warning', () => app.words().includes('acme/web:1.4.1 points to another image'));
    expect(app.words()).toContain('That image would be left without a name.');
    await app.click('Move here');
    await app.until('the move', () => owner() !== before);
    await app.click('Undo');
    await app.until('the way back', () => owner() === before);
  });

  it('offers the next versions of the repository that is typed', async () => {
    const app = await drawApp('#/image/builtin/acme%2Fweb%3A1.4.2');
    await app.click('Tag…');
    await app.click('1.5.0');
    expect((await app.find('New tag')) as HTMLInputElement).toMatchObject({ value: 'acme/web:1.5.0' });
    await app.click('Add');
    await app.until('the tag', () => app.host.images()[0]?.names.includes('acme/web:1.5.0'));
    await app.type('New tag', 'ghcr.io/other/web:');
    expect(app.words()).not.toContain('Next version');
  });

  it('takes the next tag while the first is being added, and both are given', async () => {
    let slow: { letGo(): void; waiting(): number } | undefined;
    const app = await drawApp('#/image/builtin/acme%2Fweb%3A1.4.2', {}, (client) => {
      const held = hold(client.images.tag);
      slow = held;
      return { ...client, images: { ...client.images, tag: held.call } };
    });
    const names = () => app.host.images()[0]?.names ?? [];
    await app.click('Tag…');
    const field = (await app.find('New tag')) as HTMLInputElement;
    await app.type('New tag', 'acme/web:1.5.0');
    await app.click('Add');
    await app.type('New tag', 'acme/web:2.0.0');
    slow?.letGo();
    await app.until('the first', () => names().includes('acme/web:1.5.0'));
    expect(field.value).toBe('acme/web:2.0.0');
    await app.click('Add');
    await app.until('the second is asked for', () => slow?.waiting() === 1);
    slow?.letGo();
    await app.until('the second', () => names().includes('acme/web:2.0.0'));
  });

  it('gives back a tag that was refused, to be mended', async () => {
    const app = await drawApp('#/image/builtin/acme%2Fweb%3A1.4.2', {}, (client) => ({
      ...client,
      images: { ...client.images, resolveName: async ({ name }) => ({ name, id: null }) },
    }));
    await app.click('Tag…');
    const field = (await app.find('New tag')) as HTMLInputElement;
    await app.type('New tag', 'Not A Name');
    await app.click('Add');
    await app.until('the refusal', () => field.value === 'Not A Name');
  });
});

describe('opening a saved image', () => {
  it.each([
    ['Archive file…', '/home/ada/code/chosen-archive'],
    ['Layout folder…', '/home/ada/code/chosen-layout'],
  ])('asks on the desktop for one kind, since its dialogs show no more: %s', async (item, path) => {
    const { app } = await loaded({ host: 'desktop' });
    await app.click('Open…');
    await app.click(item);
    await app.until('what it holds', () => app.words().includes(path));
    expect(app.store.getState().dialogs.open).toEqual({ kind: 'open-archive', path });
  });

  it('asks in a browser by the chooser of the page, which shows both', async () => {
    const { app } = await loaded();
    await app.click('Open file…');
    expect(app.store.getState().dialogs.open).toEqual({ kind: 'load-image' });
  });
});
