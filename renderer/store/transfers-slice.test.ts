import { expect, test } from 'vitest';
import type { DialogImage } from '#renderer/dialogs/dialog.ts';
import { createFakeHost } from '#renderer/testing/fake-client.ts';
import { hold } from '#renderer/testing/hold.ts';
import { until } from '#renderer/testing/until.ts';
import type { Operation } from '#shared/contract/operations.ts';
import { type AppStore, createAppStore } from './app-store.ts';
import { tellOperationEnds } from './operation-notices.ts';

const image: DialogImage = {
  engine: 'builtin',
  id: 'sha256:0',
  ref: 'acme/web:1.4.2',
  name: 'acme/web:1.4.2',
};

function newStore(): AppStore {
  const store = createAppStore(createFakeHost({ beat: 1 }).client);
  tellOperationEnds(store);
  return store;
}

function shownOperation(store: AppStore): Operation | undefined {
  const { dialogs, operations } = store.getState();
  return dialogs.open?.kind === 'operation'
    ? operations.byId[dialogs.open.operationId]?.operation
    : undefined;
}

test('a push that began is shown, and no notice repeats what the dialog tells', async () => {
  const store = newStore();
  await store.getState().transfers.push(image, 'ghcr.io/acme/web:2.0.0', { moveTag: false });
  await until('it is done', () => shownOperation(store)?.state === 'done');
  expect(store.getState().toasts.items).toEqual([]);
});

test('a push in the background ends in a notice that leads back to it', async () => {
  const store = newStore();
  await store.getState().transfers.push(image, 'ghcr.io/acme/web:2.0.0', { moveTag: false });
  store.getState().dialogs.close();
  await until('the notice is there', () => store.getState().toasts.items.length === 1);
  const [toast] = store.getState().toasts.items;
  expect(toast).toMatchObject({ tone: 'done', title: 'Push ghcr.io/acme/web:2.0.0' });
  toast?.action?.run();
  expect(shownOperation(store)?.state).toBe('done');
});

test('a push that failed can be tried again as it was', async () => {
  const store = newStore();
  await store.getState().transfers.push(image, 'denied.example.com/web:1', { moveTag: false });
  await until('it failed', () => shownOperation(store)?.state === 'failed');
  const first = shownOperation(store);
  await store.getState().transfers.origins[first?.id ?? '']?.again();
  await until('the second failed', () => shownOperation(store)?.state === 'failed');
  expect(shownOperation(store)?.id).not.toBe(first?.id);
  expect(shownOperation(store)?.error?.code).toBe('unauthorized');
});

test('a reference that cannot be read is refused before anything begins', async () => {
  const store = newStore();
  await expect(store.getState().transfers.pull('builtin', 'Not A Name', '')).rejects.toMatchObject({
    data: { code: 'invalid-input' },
  });
  expect(store.getState().dialogs.open).toBeNull();
});

test('a push that is slow to begin does not take the place of what was opened meanwhile', async () => {
  const { client } = createFakeHost({ beat: 1 });
  const slow = hold(client.registries.push);
  const store = createAppStore({ ...client, registries: { ...client.registries, push: slow.call } });
  const { dialogs, transfers } = store.getState();
  dialogs.show({ kind: 'push-image', image, target: 'ghcr.io/acme/web:2.0.0' });
  const begun = transfers.push(image, 'ghcr.io/acme/web:2.0.0', { moveTag: false });
  dialogs.show({ kind: 'sign-in' });
  slow.letGo();
  await begun;
  expect(store.getState().dialogs.open?.kind).toBe('sign-in');
});
