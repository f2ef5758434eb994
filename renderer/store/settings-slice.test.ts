import { expect, test } from 'vitest';
import { createFakeHost } from '#renderer/testing/fake-client.ts';
import { hold } from '#renderer/testing/hold.ts';
import { until } from '#renderer/testing/until.ts';
import { createAppStore } from './app-store.ts';

test('a change that is asked for while one is under way is made after it, from what it left', async () => {
  const { client } = createFakeHost();
  const slow = hold(client.settings.update);
  const store = createAppStore({ ...client, settings: { ...client.settings, update: slow.call } });
  await store.getState().settings.load();
  const { update } = store.getState().settings;
  const add = (tag: string) => update(({ floatingTags }) => ({ floatingTags: [...floatingTags, tag] }));
  const all = Promise.all([add('edge'), add('nightly')]);
  for (let turn = 0; turn < 2; turn += 1) {
    await until('it waits', () => slow.waiting() === 1);
    slow.letGo();
  }
  await all;
  expect(store.getState().settings.value).toMatchObject({
    value: { floatingTags: ['latest', 'edge', 'nightly'] },
  });
});
