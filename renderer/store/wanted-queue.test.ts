import { expect, it } from 'vitest';
import { WantedQueue } from './wanted-queue.ts';

/** A queue whose answers come when a test says so. */
function makeQueue(atOnce: number) {
  const asked: string[] = [];
  const answers = new Map<string, () => void>();
  const signals = new Map<string, AbortSignal>();
  const queue = new WantedQueue((name, signal) => {
    asked.push(name);
    signals.set(name, signal);
    return new Promise((resolve) => answers.set(name, resolve));
  }, atOnce);
  const answer = async (name: string): Promise<void> => {
    answers.get(name)?.();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { queue, asked, answer, signals };
}

it('asks for the newest wish first, a few at a time', async () => {
  const { queue, asked, answer } = makeQueue(2);
  for (const name of ['a', 'b', 'c', 'd']) queue.want(name);
  expect(asked).toEqual(['a', 'b']);
  await answer('a');
  await answer('b');
  expect(asked).toEqual(['a', 'b', 'd', 'c']);
});

it('does not ask for what went out of view before its turn, nor twice for what runs', async () => {
  const { queue, asked, answer } = makeQueue(1);
  for (const name of ['a', 'b', 'c', 'a']) queue.want(name);
  queue.drop('b');
  await answer('a');
  await answer('c');
  expect(asked).toEqual(['a', 'c']);
  queue.want('a');
  expect(asked).toEqual(['a', 'c', 'a']);
});

it('stops what runs when it is cleared, and begins anew', async () => {
  const { queue, asked, signals } = makeQueue(1);
  queue.want('a');
  queue.want('b');
  queue.clear();
  expect(signals.get('a')?.aborted).toBe(true);
  queue.want('c');
  expect(asked).toEqual(['a', 'c']);
});
