import { expect, it } from 'vitest';
import { createChannel } from '#renderer/testing/channel.ts';
import { createFakeHost } from '#renderer/testing/fake-client.ts';
import { fakeContainer } from '#renderer/testing/fake-containers.ts';
import { type AppStore, createAppStore } from './app-store.ts';

type Piece = { stream: 'stdout' | 'stderr'; text: string };

function storeOver(log: ReturnType<typeof createChannel<Piece>>): AppStore {
  const { client } = createFakeHost();
  return createAppStore({
    ...client,
    containers: { ...client.containers, logs: async (_input, call) => log.listen(call?.signal) },
  });
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 120));
}

it('gathers what is written, of both streams in their order, and knows the end', async () => {
  const log = createChannel<Piece>();
  const store = storeOver(log);
  store.getState().containerLogs.follow(fakeContainer('web'));
  await settle();
  log.send({ stream: 'stdout', text: 'one\n' });
  log.send({ stream: 'stderr', text: 'two\n' });
  await settle();
  expect(store.getState().containerLogs).toMatchObject({
    shown: 'docker/web000000000',
    text: 'one\ntwo\n',
    state: 'following',
  });
  log.send({ stream: 'stdout', text: 'three' });
  log.end();
  await settle();
  expect(store.getState().containerLogs).toMatchObject({ text: 'one\ntwo\nthree', state: 'ended' });
});

it('lets the older half go when the log is very long, at the end of a line', async () => {
  const log = createChannel<Piece>();
  const store = storeOver(log);
  store.getState().containerLogs.follow(fakeContainer('web'));
  await settle();
  const { generation } = store.getState().containerLogs;
  const line = `${'x'.repeat(99)}\n`;
  for (let piece = 0; piece < 5; piece++) log.send({ stream: 'stdout', text: line.repeat(10_000) });
  await settle();
  const { text, generation: later } = store.getState().containerLogs;
  expect(later).toBeGreaterThan(generation);
  expect(text.length).toBeLessThanOrEqual(4_000_000);
  expect(text.startsWith(line)).toBe(true);
});

it('forgets the log of a container that is no longer looked at', async () => {
  const log = createChannel<Piece>();
  const store = storeOver(log);
  store.getState().containerLogs.follow(fakeContainer('web'));
  await settle();
  log.send({ stream: 'stdout', text: 'late' });
  store.getState().containerLogs.stop();
  await settle();
  expect(store.getState().containerLogs).toMatchObject({ shown: null, text: '' });
});
