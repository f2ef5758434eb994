import { describe, expect, it } from 'vitest';
import type { StrataClient } from '#renderer/client/client.ts';
import { failWith } from '#renderer/testing/fail-with.ts';
import { createFakeHost } from '#renderer/testing/fake-client.ts';
import { type AppStore, createAppStore } from './app-store.ts';
import { logKey } from './records-slice.ts';

function storeOver(log: StrataClient['builds']['log']): AppStore {
  const { client } = createFakeHost({ now: Date.now() });
  return createAppStore({ ...client, builds: { ...client.builds, log } });
}

describe('loadLog', () => {
  const TEXT = 'one two three four';
  const pages =
    (done: boolean): StrataClient['builds']['log'] =>
    async ({ offset = 0 }) => ({
      text: TEXT.slice(offset, offset + 5),
      next: Math.min(TEXT.length, offset + 5),
      done: done && offset + 5 >= TEXT.length,
    });

  it('gets a log page by page', async () => {
    const store = storeOver(pages(true));
    await store.getState().records.loadLog('b', 2);
    expect(store.getState().records.logs[logKey('b', 2)]).toEqual({
      text: TEXT,
      state: 'complete',
      error: null,
    });
  });

  it('stops at what is there so far while the step still runs, and goes on from there', async () => {
    const store = storeOver(pages(false));
    await store.getState().records.loadLog('b', 2);
    expect(store.getState().records.logs[logKey('b', 2)]).toMatchObject({ text: TEXT, state: 'part' });
    await store.getState().records.loadLog('b', 2);
    expect(store.getState().records.logs[logKey('b', 2)]?.text).toBe(TEXT);
  });

  it('reads once more when it was asked for while it was reading', async () => {
    let text = 'first ';
    let asked = 0;
    const store = storeOver(async ({ offset = 0 }) => {
      asked += 1;
      await new Promise((resolve) => setTimeout(resolve, 10));
      return { text: text.slice(offset), next: text.length, done: false };
    });
    const reading = store.getState().records.loadLog('b', 0);
    const during = store.getState().records.loadLog('b', 0);
    await during;
    await new Promise((resolve) => setTimeout(resolve, 15));
    const before = asked;
    text = 'first second';
    await reading;
    expect(asked).toBeGreaterThan(before);
    expect(store.getState().records.logs[logKey('b', 0)]?.text).toBe('first second');
  });

  it('does not take the log of a running build for complete', async () => {
    const { client } = createFakeHost({ now: Date.now(), beat: 1000 });
    const store = createAppStore({ ...client, builds: { ...client.builds, log: pages(true) } });
    const { buildId } = await client.builds.start({
      projectId: 'web',
      options: { tags: [], buildArgs: {}, noCache: false, engine: 'builtin' },
    });
    await store.getState().records.load(buildId);
    await store.getState().records.loadLog(buildId, 0);
    expect(store.getState().records.logs[logKey(buildId, 0)]).toMatchObject({ text: TEXT, state: 'part' });
  });

  it('keeps what came before a failure and goes on from there', async () => {
    let fails = true;
    const store = storeOver(async (input, call) => {
      if (fails && (input.offset ?? 0) > 0) throw failWith({ code: 'internal', message: 'Broken.' });
      return pages(true)(input, call);
    });
    await store.getState().records.loadLog('b', 0);
    expect(store.getState().records.logs[logKey('b', 0)]).toMatchObject({ text: 'one t', state: 'failed' });
    fails = false;
    await store.getState().records.loadLog('b', 0);
    expect(store.getState().records.logs[logKey('b', 0)]).toMatchObject({ text: TEXT, state: 'complete' });
  });
});

it('forgets removed records with their logs, and no others', async () => {
  const { client } = createFakeHost({ now: Date.now() });
  const store = createAppStore(client);
  const { records } = store.getState();
  await records.load('b-web');
  await records.load('b-fail');
  await records.loadLog('b-web', 5);
  await records.loadLog('b-fail', 5);
  records.forget(['b-fail']);
  expect(Object.keys(store.getState().records.byId)).toEqual(['b-web']);
  expect(Object.keys(store.getState().records.logs)).toEqual(['b-web/5']);
});
