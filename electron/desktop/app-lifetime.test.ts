import { beforeEach, expect, it } from 'vitest';
import { OperationRegistry } from '../operations/operation-registry.ts';
import { keepRunning } from './app-lifetime.ts';
import { app, prepared, recorded, reset } from './testing/electron-stand-in.ts';

let operations: OperationRegistry;
const reported: unknown[] = [];

beforeEach(() => {
  reset();
  reported.length = 0;
  operations = new OperationRegistry();
});

function keep(close = () => operations.close()): void {
  keepRunning(
    { operations, close, report: (error) => void reported.push(error) },
    () => null,
    () => {},
  );
}

function startEndless(): string {
  return operations.start({ kind: 'build', title: 'Build web' }, ({ signal }) => {
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  });
}

it('quits without a question when nothing runs', async () => {
  keep();
  app.quit();
  await expect.poll(() => recorded.appCalls).toEqual(['quit', 'quit', 'ended']);
  expect(recorded.dialogs).toEqual([]);
});

it('names what runs, and goes on when told so', async () => {
  keep();
  const id = startEndless();
  app.quit();
  await expect
    .poll(() => recorded.dialogs)
    .toMatchObject([
      { name: 'message', options: { message: '"Build web" is still running.', buttons: ['Go on', 'Quit'] } },
    ]);
  expect(operations.get(id).state).toBe('running');
  expect(recorded.appCalls).toEqual(['quit']);
  await operations.close();
});

it('cancels what runs and waits for its end before it quits', async () => {
  keep();
  const id = startEndless();
  prepared.messageBox = { response: 1 };
  app.quit();
  await expect.poll(() => recorded.appCalls).toEqual(['quit', 'quit', 'ended']);
  expect(operations.get(id).state).toBe('cancelled');
});

it('ends all the same when closing fails, and writes down why', async () => {
  const failure = new Error('stuck');
  keep(() => Promise.reject(failure));
  app.quit();
  await expect.poll(() => recorded.appCalls).toContain('exit 1');
  expect(reported).toEqual([failure]);
});
