import { expect, test } from 'vitest';
import { createFakeHost } from '#renderer/testing/fake-client.ts';
import { hold } from '#renderer/testing/hold.ts';
import { until } from '#renderer/testing/until.ts';
import { createAppStore } from './app-store.ts';

test('an image that answers late does not put its waste beside the one that is shown', async () => {
  const { client } = createFakeHost();
  const slow = hold(client.images.get);
  const asked: string[] = [];
  const waste: typeof client.images.waste = (input) => {
    asked.push(input.ref);
    return client.images.waste(input);
  };
  const store = createAppStore({ ...client, images: { ...client.images, get: slow.call, waste } });
  const first = store.getState().image.open('builtin', 'acme/web:1.4.1');
  const second = store.getState().image.open('builtin', 'acme/web:1.4.2');
  slow.letGo(1);
  await second;
  slow.letGo();
  await first;
  await until('the waste is here', () => store.getState().image.insight.status === 'ready');
  expect(asked).toEqual(['acme/web:1.4.2']);
});
