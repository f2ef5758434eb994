import { expect, test } from 'vitest';
import { createFakeHost } from '#renderer/testing/fake-client.ts';
import { hold } from '#renderer/testing/hold.ts';
import { until } from '#renderer/testing/until.ts';
import { createAppStore } from './app-store.ts';

function slowRegistry() {
  const { client } = createFakeHost();
  const slow = hold(client.registries.tags);
  const store = createAppStore({ ...client, registries: { ...client.registries, tags: slow.call } });
  return { slow, tags: () => store.getState().remoteTags };
}

test('a search that begins before the first answer learns as much of the registry as that would have', async () => {
  const { slow, tags } = slowRegistry();
  const opened = tags().open('ghcr.io/acme/web');
  tags().setSearch('1.4');
  await until('it is searched', () => slow.waiting() === 2);
  slow.letGo(1);
  await until('it is here', () => tags().tags.status === 'ready');
  expect(tags().readsAll).toBe(true);
  slow.letGo();
  await opened;
});

test('a search of the repository before is not made in the next', async () => {
  const { slow, tags } = slowRegistry();
  void tags().open('ghcr.io/acme/web');
  tags().setSearch('1.4');
  void tags().open('ghcr.io/acme/api');
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(slow.waiting()).toBe(2);
});

test('a tag is deleted in the repository that was named, whichever is shown by then', async () => {
  const { client } = createFakeHost();
  const deleted: string[] = [];
  const deleteTag: typeof client.registries.deleteTag = async ({ reference }) => {
    deleted.push(reference);
    return {};
  };
  const store = createAppStore({ ...client, registries: { ...client.registries, deleteTag } });
  await store.getState().remoteTags.open('ghcr.io/acme/api');
  await store.getState().remoteTags.remove('ghcr.io/acme/web:1.0', { byDigest: false });
  expect(deleted).toEqual(['ghcr.io/acme/web:1.0']);
});
