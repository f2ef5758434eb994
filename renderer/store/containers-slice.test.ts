import { expect, it } from 'vitest';
import { failWith } from '#renderer/testing/fail-with.ts';
import { createFakeHost } from '#renderer/testing/fake-client.ts';
import { FAKE_DOCKER } from '#renderer/testing/fake-machine.ts';
import { createAppStore } from './app-store.ts';

it('shows the containers of one engine although another fails', async () => {
  const { client } = createFakeHost({ docker: true });
  const store = createAppStore({
    ...client,
    engines: { list: async () => [FAKE_DOCKER, { ...FAKE_DOCKER, id: 'podman', name: 'Podman' }] },
    containers: {
      ...client.containers,
      list: async (input, call) => {
        if (input.engine === 'podman') throw failWith({ code: 'engine-unavailable', message: 'Gone.' });
        return client.containers.list(input, call);
      },
    },
  });
  await store.getState().engines.load();
  await store.getState().containers.load();
  const { list } = store.getState().containers;
  expect(list.status).toBe('ready');
  if (list.status !== 'ready') return;
  expect(list.value.containers.length).toBeGreaterThan(0);
  expect(list.value.failures).toMatchObject([{ engine: 'Podman', error: { message: 'Gone.' } }]);
});

it('asks only engines that are there and can have containers', async () => {
  const asked: string[] = [];
  const { client } = createFakeHost();
  const store = createAppStore({
    ...client,
    containers: {
      ...client.containers,
      list: async (input, call) => {
        asked.push(input.engine);
        return client.containers.list(input, call);
      },
    },
  });
  await store.getState().engines.load();
  await store.getState().containers.load();
  expect(asked).toEqual([]);
  expect(store.getState().containers.list).toMatchObject({ status: 'ready', value: { containers: [] } });
});
