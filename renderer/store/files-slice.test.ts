import { expect, test } from 'vitest';
import { createFakeHost } from '#renderer/testing/fake-client.ts';
import { until } from '#renderer/testing/until.ts';
import { createAppStore } from './app-store.ts';
import { flattenTree } from './file-tree.ts';

async function opened() {
  const store = createAppStore(createFakeHost().client);
  await store.getState().image.open('builtin', 'acme/web:1.4.2');
  const files = () => store.getState().files;
  await until('the root is there', () => files().directories['']?.isLoading === false);
  const names = (): readonly string[] =>
    flattenTree(files().directories, files().opened).map((line) =>
      line.kind === 'file' ? `${' '.repeat(line.depth)}${line.row.name}` : `${line.kind} ${line.path}`,
    );
  return { store, files, names, image: () => store.getState().image };
}

test('an image opens with its newest layer, and a lone directory is opened with it', async () => {
  const { image, names } = await opened();
  expect(image().layer).toBe(8);
  await until('app is open', () => names().length > 1);
  expect(names()).toEqual(['app', ' dist', ' old-entry.js', ' public', ' src']);
});

test('another layer shows its own files', async () => {
  const { image, files, names } = await opened();
  image().chooseLayer(7);
  await until('its root is there', () => files().directories['']?.rows.length === 4);
  expect(names()).toEqual(['app', 'etc', 'root', 'tmp']);
});

test('a large directory comes in pages', async () => {
  const { image, files, names } = await opened();
  image().chooseLayer(7);
  await until('its root is there', () => files().directories['']?.rows.length === 4);
  for (const path of ['app', 'app/node_modules', 'app/node_modules/.bin']) {
    if (!files().opened.has(path)) files().toggle(path);
    await until(`${path} is there`, () => files().directories[path]?.isLoading === false);
  }
  expect(files().directories['app/node_modules/.bin']).toMatchObject({ total: 640 });
  expect(files().directories['app/node_modules/.bin']?.rows).toHaveLength(500);
  expect(names()).toContain('more app/node_modules/.bin');
  await files().loadMore('app/node_modules/.bin');
  expect(files().directories['app/node_modules/.bin']?.rows).toHaveLength(640);
  expect(names()).not.toContain('more app/node_modules/.bin');
});

test('closing a directory keeps what is known of it', async () => {
  const { files, names } = await opened();
  await until('app is open', () => names().length > 1);
  files().toggle('app');
  expect(names()).toEqual(['app']);
  files().toggle('app');
  expect(names()).toHaveLength(5);
});

test('a search finds paths, and emptying it brings the tree back', async () => {
  const { files } = await opened();
  files().setSearch('server.js');
  await until('something is found', () => files().found.status === 'ready');
  expect(files().found).toMatchObject({ value: { total: 2 } });
  files().setSearch('');
  expect(files().found.status).toBe('idle');
});

test('a preview belongs to its file and goes with its layer', async () => {
  const { files, image } = await opened();
  await until('app is open', () => files().directories.app?.isLoading === false);
  const row = files().directories.app?.rows.find((one) => one.name === 'old-entry.js');
  if (row === undefined) throw new Error('The file is missing.');
  await files().showPreview(row);
  expect(files().preview).toMatchObject({ status: 'ready', value: { truncated: true } });
  image().chooseLayer(0);
  expect(files().preview.status).toBe('idle');
  expect(files().selected).toBeNull();
});

test('an image that is not there fails in words', async () => {
  const { image } = await opened();
  await image().open('builtin', 'no/such:thing');
  expect(image().detail).toMatchObject({ status: 'failed', error: { code: 'not-found' } });
});
