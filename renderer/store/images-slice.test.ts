import { expect, test } from 'vitest';
import { createFakeHost } from '#renderer/testing/fake-client.ts';
import { until } from '#renderer/testing/until.ts';
import { createAppStore } from './app-store.ts';

async function loaded() {
  const host = createFakeHost();
  const store = createAppStore(host.client);
  await store.getState().images.load();
  const ids = host.images().map((image) => image.id);
  return { host, store, ids, images: () => store.getState().images };
}

test('ticking images asks what removing them would free', async () => {
  const { images, ids } = await loaded();
  images().setSelected(new Set(ids.slice(0, 2)));
  await until('the preview is there', () => images().removal.status === 'ready');
  expect(images().removal).toMatchObject({ value: { freesBytes: 43_000_000, blocked: [{}, {}] } });
});

test('removing takes the images out of list and selection, and tells what stays', async () => {
  const { images, ids } = await loaded();
  const [used = '', , free = ''] = ids;
  images().setSelected(new Set([used, free]));
  const failed = await images().remove('builtin', [used, free], false);
  expect(failed.map((one) => one.id)).toEqual([used]);
  expect(images().list).toMatchObject({ status: 'ready' });
  expect(images().selected).toEqual(new Set([used]));
});

test('an image that went elsewhere is no longer ticked', async () => {
  const { images, host, ids } = await loaded();
  const [, , free = '', other = ''] = ids;
  images().setSelected(new Set([free, other]));
  await host.client.images.remove({ engine: 'builtin', ids: [free] });
  await images().load();
  expect(images().selected).toEqual(new Set([other]));
});

test('another engine shows its own state, not the images of the one before', async () => {
  const { images, store, ids } = await loaded();
  images().setSelected(new Set(ids.slice(0, 1)));
  store.getState().engines.select('docker');
  expect(images().list.status).toBe('loading');
  expect(images().selected.size).toBe(0);
  await until('Docker refused', () => images().list.status === 'failed');
  expect(images().list).toMatchObject({ error: { code: 'engine-unavailable' } });
});

test('the answer of an engine that was left is dropped', async () => {
  const { images, store } = await loaded();
  store.getState().engines.select('docker');
  store.getState().engines.select('builtin');
  await until('the images are back', () => images().list.status === 'ready');
  expect(images().engine).toBe('builtin');
});
