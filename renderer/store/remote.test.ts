import { expect, test } from 'vitest';
import { failWith } from '#renderer/testing/fail-with.ts';
import { createLoader, IDLE, type Remote, valueOr } from './remote.ts';

/** A remote value that a loader writes into, with everything it was on the way. */
function holder<T>(first: Remote<T> = IDLE) {
  const seen: Remote<T>[] = [];
  const held = {
    now: first,
    seen,
    apply: (next: Remote<T>): void => {
      seen.push(next);
      held.now = next;
    },
  };
  return held;
}

test('a first load waits, then is ready', async () => {
  const value = holder<string>();
  await createLoader().load(value.now, async () => 'here', value.apply);
  expect(value.seen).toEqual([{ status: 'loading' }, { status: 'ready', value: 'here' }]);
});

test('a value that is there stays while it is asked for again', async () => {
  const value = holder<string>({ status: 'ready', value: 'old' });
  await createLoader().load(value.now, async () => 'new', value.apply);
  expect(value.seen).toEqual([{ status: 'ready', value: 'new' }]);
});

test('another thing than before is loaded afresh', async () => {
  const value = holder<string>({ status: 'ready', value: 'old' });
  await createLoader().load(value.now, async () => 'new', value.apply, { fresh: true });
  expect(value.seen[0]).toEqual({ status: 'loading' });
});

test('a late answer is dropped, and its request is aborted', async () => {
  const value = holder<string>();
  const loader = createLoader();
  let answer: (text: string) => void = () => undefined;
  let signal: AbortSignal | undefined;
  const slow = loader.load(
    value.now,
    (until) => {
      signal = until;
      return new Promise<string>((resolve) => (answer = resolve));
    },
    value.apply,
  );
  await loader.load(value.now, async () => 'second', value.apply);
  answer('first');
  await slow;
  expect(signal?.aborted).toBe(true);
  expect(value.now).toEqual({ status: 'ready', value: 'second' });
});

test('a refusal is kept in words', async () => {
  const value = holder<string>();
  const refuse = async (): Promise<string> => {
    throw failWith({ code: 'not-found', message: 'Not here.', hint: 'Look there.' });
  };
  await createLoader().load(value.now, refuse, value.apply);
  expect(value.now).toEqual({
    status: 'failed',
    error: { code: 'not-found', message: 'Not here.', hint: 'Look there.' },
  });
  expect(valueOr(value.now, 'nothing')).toBe('nothing');
});
