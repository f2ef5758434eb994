import { expect, test } from 'vitest';
import { createFakeHost } from '#renderer/testing/fake-client.ts';
import { hold } from '#renderer/testing/hold.ts';
import { createAppStore } from './app-store.ts';

test('advice without sizes that comes late does not take away what was measured', async () => {
  const { client } = createFakeHost();
  const slow = hold(client.projects.advice);
  const store = createAppStore({ ...client, projects: { ...client.projects, advice: slow.call } });
  const loaded = store.getState().advice.load('web');
  const measured = store.getState().advice.measure();
  slow.letGo(1);
  await measured;
  const { list } = store.getState().advice;
  slow.letGo();
  await loaded;
  expect(list.status).toBe('ready');
  expect(store.getState().advice.list).toBe(list);
});
