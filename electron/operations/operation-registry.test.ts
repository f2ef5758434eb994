import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BuildStep } from '#shared/contract/builds.ts';
import {
  type Operation,
  type OperationEvent,
  operation as operationSchema,
  type TransferBlob,
} from '#shared/contract/operations.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { OperationRegistry } from './operation-registry.ts';
import type { OperationContext, OperationResult } from './running-operation.ts';

const DONE: OperationResult = { kind: 'none' };
let registry: OperationRegistry;

beforeEach(() => {
  vi.useFakeTimers();
  registry = new OperationRegistry();
});
afterEach(async () => {
  await registry.close();
  vi.useRealTimers();
});

/** An operation that does what the test says, when it says so. */
async function startSteered(kind: Operation['kind'] = 'build') {
  let finish: (result: OperationResult) => void = () => {};
  let fail: (error: unknown) => void = () => {};
  let context: OperationContext | undefined;
  const id = registry.start({ kind, title: 'Build web', buildId: 'b1' }, (given) => {
    context = given;
    return new Promise((resolve, reject) => {
      finish = resolve;
      fail = reject;
      given.signal.addEventListener('abort', () => reject(given.signal.reason), { once: true });
    });
  });
  await settle();
  if (context === undefined) throw new Error('the work did not begin');
  return { id, context, finish: (result = DONE) => finish(result), fail: (error: unknown) => fail(error) };
}

/** Lets everything that waits for nothing but the event loop happen. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) await Promise.resolve();
}

function follow(id: string, signal?: AbortSignal): OperationEvent[] {
  const events: OperationEvent[] = [];
  void (async () => {
    for await (const event of registry.watch(id, signal)) events.push(event);
  })();
  return events;
}

function step(index: number, status: BuildStep['status']): BuildStep {
  const where = { stage: 'final', line: index + 1, endLine: index + 1, instruction: `RUN ${index}` };
  return { index, ...where, status, ms: 0, size: 0, reasons: [] };
}

function blob(done: number, state: TransferBlob['state'] = 'transferring'): TransferBlob {
  return { digest: 'sha256:a', label: 'RUN 1', size: 1000, done, state };
}

function logOf(events: readonly OperationEvent[], index: number, before = ''): string {
  let text = before;
  for (const event of events) {
    if (event.type === 'log' && event.step === index) text = text.slice(0, event.offset) + event.text;
  }
  return text;
}

describe('an operation', () => {
  it('answers its id at once and fits the contract in every state', async () => {
    const { id, finish } = await startSteered();
    expect(registry.list().map((one) => operationSchema.parse(one).state)).toEqual(['running']);
    finish();
    await settle();
    expect(operationSchema.parse(registry.get(id))).toMatchObject({
      state: 'done',
      result: DONE,
      buildId: 'b1',
    });
  });

  it('ends as failed with the error as data', async () => {
    const { id, fail } = await startSteered();
    const range = { line: 3, column: 0, endLine: 3, endColumn: 4 };
    fail(
      new AppError('dockerfile-invalid', 'Unknown instruction RUM.', {
        hint: 'Did you mean RUN?',
        detail: { kind: 'source', path: 'Dockerfile', range },
      }),
    );
    await settle();
    expect(operationSchema.parse(registry.get(id))).toMatchObject({
      state: 'failed',
      error: { code: 'dockerfile-invalid', hint: 'Did you mean RUN?', detail: { kind: 'source', range } },
    });
  });

  it('ends as failed when the work throws at once, and with words for what is no AppError', async () => {
    const id = registry.start({ kind: 'prune', title: 'Clean up' }, () => {
      throw new TypeError('x is not a function');
    });
    await settle();
    const { state, error } = registry.get(id);
    expect([state, error?.code, error?.message]).toEqual([
      'failed',
      'internal',
      'Something went wrong inside Strata: x is not a function',
    ]);
  });

  it('ends as cancelled, whatever the work throws when it is told to stop', async () => {
    const { id } = await startSteered();
    registry.cancel(id);
    await settle();
    expect(registry.get(id)).toMatchObject({ state: 'cancelled', error: { code: 'cancelled' } });
    registry.cancel(id);
    expect(registry.get(id).state).toBe('cancelled');
  });

  it('is done when it finished although somebody cancelled too late', async () => {
    const id = registry.start({ kind: 'pull', title: 'Pull' }, async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return DONE;
    });
    await settle();
    registry.cancel(id);
    await settle();
    expect(registry.get(id).state).toBe('done');
  });

  it('can be dismissed when it ended, not before', async () => {
    const { id, finish } = await startSteered();
    expect(() => registry.dismiss(id)).toThrow('still running');
    finish();
    await settle();
    registry.dismiss(id);
    expect(registry.list()).toEqual([]);
  });

  it.each(['get', 'cancel', 'dismiss', 'watch'] as const)(
    'is asked for by an unknown id: %s says so',
    (name) => {
      expect(() => registry[name]('nothing')).toThrow(expect.objectContaining({ code: 'not-found' }));
    },
  );
});

describe('a page that watches', () => {
  it('gets a snapshot, then numbered events without a gap, then the end', async () => {
    const { id, context, finish } = await startSteered();
    const events = follow(id);
    await settle();
    context.steps([step(0, 'waiting'), step(1, 'waiting')]);
    context.step(step(0, 'running'));
    context.log(0, 'hello\n');
    finish();
    await settle();
    expect(events.map((event) => event.type)).toEqual([
      'snapshot',
      'step',
      'step',
      'step',
      'log',
      'operation',
    ]);
    const first = events[0]?.seq ?? 0;
    expect(events.map((event) => event.seq - first)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(events.at(-1)).toMatchObject({ operation: { state: 'done' } });
  });

  it('joins late and loses nothing', async () => {
    const { id, context, finish } = await startSteered();
    const early = follow(id);
    context.steps([step(0, 'waiting'), step(1, 'waiting')]);
    context.step(step(0, 'miss'));
    context.log(0, 'first ');
    vi.advanceTimersByTime(1000);
    context.log(0, 'second ');
    context.blob(blob(500));
    const late = follow(id);
    await settle();
    context.log(0, 'third');
    context.step(step(1, 'hit'));
    context.blob(blob(1000, 'done'));
    finish();
    await settle();
    expect(late[0]).toMatchObject({
      type: 'snapshot',
      snapshot: { steps: [{ status: 'miss' }, { status: 'waiting' }], blobs: [{ done: 500 }] },
    });
    // What was said before it joined is read from the build's record; offsets say where the events go on.
    const recordSoFar = 'first second ';
    expect(logOf(late, 0, recordSoFar)).toBe('first second third');
    expect(logOf(early, 0)).toBe('first second third');
    expect(late.slice(1)).toEqual(early.slice(early.findIndex((event) => event.seq > (late[0]?.seq ?? 0))));
  });

  it('joins again after a reload, and after the end', async () => {
    const { id, context, finish } = await startSteered();
    const reload = new AbortController();
    const before = follow(id, reload.signal);
    context.step(step(0, 'running'));
    await settle();
    reload.abort();
    context.step(step(0, 'miss'));
    const after = follow(id);
    finish();
    await settle();
    const afterEnd = follow(id);
    await settle();
    expect(before.map((event) => event.type)).toEqual(['snapshot', 'step']);
    expect(after[0]).toMatchObject({ snapshot: { steps: [{ status: 'miss' }] } });
    expect(afterEnd).toMatchObject([{ type: 'snapshot', snapshot: { operation: { state: 'done' } } }]);
  });

  it('reads slowly and gets a new snapshot instead of thousands of old events', async () => {
    const { id, context, finish } = await startSteered();
    const slow = registry.watch(id);
    await slow.next();
    for (let round = 0; round < 5000; round += 1) context.step(step(round % 7, 'running'));
    context.step(step(3, 'failed'));
    finish();
    await settle();
    const events: OperationEvent[] = [];
    for await (const event of slow) events.push(event);
    expect(events).toMatchObject([
      { type: 'snapshot', snapshot: { operation: { state: 'done' }, steps: { length: 7 } } },
    ]);
    expect(events[0]).toMatchObject({ snapshot: { steps: expect.arrayContaining([step(3, 'failed')]) } });
  });

  it('is let go when it stops reading', async () => {
    const { id } = await startSteered();
    const watching = registry.watch(id);
    await watching.next();
    await watching.return();
    expect((await watching.next()).done).toBe(true);
  });
});

describe('what is told of progress', () => {
  it('is at most ten events a second for a blob, with the last one always', async () => {
    const { id, context, finish } = await startSteered('push');
    const events = follow(id);
    await settle();
    for (let ms = 0; ms < 1000; ms += 1) {
      context.blob(blob(ms));
      vi.advanceTimersByTime(1);
    }
    context.blob(blob(999));
    finish();
    await settle();
    const told = events.filter((event) => event.type === 'blob');
    expect(told.length).toBeLessThanOrEqual(12);
    expect(told.length).toBeGreaterThan(5);
    expect(told.at(-1)).toMatchObject({ blob: { done: 999 } });
  });

  it('tells a new state of a blob at once and never goes back to an older one', async () => {
    const { id, context, finish } = await startSteered('push');
    const events = follow(id);
    await settle();
    context.blob(blob(0, 'waiting'));
    context.blob(blob(1));
    context.blob(blob(2));
    context.blob(blob(1000, 'done'));
    vi.advanceTimersByTime(1000);
    finish();
    await settle();
    const told = events.flatMap((event) => (event.type === 'blob' ? [event.blob.state] : []));
    expect(told).toEqual(['waiting', 'transferring', 'done']);
  });

  it('joins the log of a chatty step, in order and before the step that follows it', async () => {
    const { id, context, finish } = await startSteered();
    const events = follow(id);
    await settle();
    for (let line = 0; line < 1000; line += 1) context.log(0, `${line}\n`);
    context.step(step(0, 'miss'));
    finish();
    await settle();
    const logs = events.filter((event) => event.type === 'log');
    expect(logs.length).toBeLessThan(5);
    expect(logOf(events, 0)).toBe(Array.from({ length: 1000 }, (_, line) => `${line}\n`).join(''));
    expect(events.findLastIndex((event) => event.type === 'log')).toBeLessThan(
      events.findIndex((event) => event.type === 'step'),
    );
  });
});

describe('the feed', () => {
  it('tells beginnings, progress and ends of all operations', async () => {
    const stop = new AbortController();
    const told: string[] = [];
    void (async () => {
      for await (const one of registry.feed(stop.signal)) told.push(`${one.title} ${one.state}`);
    })();
    const { finish } = await startSteered();
    await settle();
    finish();
    await settle();
    stop.abort();
    await startSteered();
    expect(told).toEqual(['Build web running', 'Build web done']);
  });
});

describe('closing', () => {
  it('cancels what runs, waits for its end and begins nothing more', async () => {
    let isCleanedUp = false;
    registry.start({ kind: 'build', title: 'Slow to stop' }, async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await settle();
      isCleanedUp = true;
      throw signal.reason;
    });
    await settle();
    await registry.close();
    expect(isCleanedUp).toBe(true);
    expect(() => registry.start({ kind: 'build', title: 'Late' }, async () => DONE)).toThrow('closing');
  });
});

it('remembers a hundred ended operations and every running one', async () => {
  const { id } = await startSteered();
  for (let count = 0; count < 130; count += 1) {
    registry.start({ kind: 'pull', title: `Pull ${count}` }, async () => DONE);
    await settle();
  }
  const list = registry.list();
  expect(list).toHaveLength(101);
  expect(list[0]?.title).toBe('Pull 129');
  expect(list.at(-1)?.id).toBe(id);
});
