import { expect, test } from 'vitest';
import { createFakeHost } from '#renderer/testing/fake-client.ts';
import { until } from '#renderer/testing/until.ts';
import { createAppStore } from './app-store.ts';
import { listOperations } from './operations-slice.ts';

async function pushedBy(host: ReturnType<typeof createFakeHost>, target: string): Promise<string> {
  const started = await host.client.registries.push({ engine: 'builtin', ref: 'acme/web:1.4.2', target });
  return started.operationId;
}

test('a page that loads joins what runs and follows it to its end', async () => {
  const host = createFakeHost({ beat: 1 });
  const id = await pushedBy(host, 'ghcr.io/acme/web:2.0.0');
  const store = createAppStore(host.client);
  await store.getState().operations.load();
  await until('the push is done', () => store.getState().operations.byId[id]?.operation.state === 'done');
  const view = store.getState().operations.byId[id];
  expect(view?.blobs.every((blob) => blob.done === blob.size)).toBe(true);
  expect(view?.operation.result?.kind).toBe('push');
});

test('what the feed tells is joined as well', async () => {
  const host = createFakeHost({ beat: 1 });
  const store = createAppStore(host.client);
  const id = await pushedBy(host, 'ghcr.io/acme/web:2.0.0');
  const [operation] = await host.client.operations.list();
  if (operation === undefined) throw new Error('The push did not begin.');
  store.getState().operations.receive(operation);
  await until('its layers are known', () => (store.getState().operations.byId[id]?.blobs.length ?? 0) > 0);
});

test('a cancelled operation ends as cancelled', async () => {
  const host = createFakeHost({ beat: 20 });
  const id = await pushedBy(host, 'ghcr.io/acme/web:2.0.0');
  const store = createAppStore(host.client);
  await store.getState().operations.load();
  await store.getState().operations.cancel(id);
  await until('it is cancelled', () => store.getState().operations.byId[id]?.operation.state === 'cancelled');
});

test('a dismissed operation is gone', async () => {
  const host = createFakeHost({ beat: 1000 });
  const id = await pushedBy(host, 'ghcr.io/acme/web:2.0.0');
  const store = createAppStore(host.client);
  await store.getState().operations.load();
  await store.getState().operations.dismiss(id);
  expect(listOperations(store.getState().operations.byId)).toEqual([]);
  expect(await host.client.operations.list()).toEqual([]);
});
