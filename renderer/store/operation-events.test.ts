import { expect, test } from 'vitest';
import type { BuildStep } from '#shared/contract/builds.ts';
import type { Operation, OperationEvent } from '#shared/contract/operations.ts';
import { applyEvent, mergeLog, outerView } from './operation-events.ts';

const operation: Operation = {
  id: 'op',
  kind: 'build',
  title: 'Build web',
  state: 'running',
  startedAt: 0,
  endedAt: null,
  progress: null,
  error: null,
  result: null,
  buildId: 'b',
};

const step = (index: number, status: BuildStep['status']): BuildStep => ({
  index,
  stage: '0',
  line: index + 1,
  endLine: index + 1,
  instruction: 'RUN true',
  status,
  ms: 0,
  size: 0,
  reasons: [],
});

test('a snapshot replaces steps and blobs, and events it contains are dropped', () => {
  const events: OperationEvent[] = [
    { seq: 5, type: 'snapshot', snapshot: { operation, steps: [step(0, 'hit')], blobs: [] } },
    { seq: 4, type: 'step', step: step(0, 'running') },
    { seq: 6, type: 'step', step: step(1, 'running') },
    { seq: 6, type: 'step', step: step(1, 'waiting') },
  ];
  const view = events.reduce(applyEvent, outerView(operation));
  expect(view.steps.map((one) => one.status)).toEqual(['hit', 'running']);
  expect(view.seq).toBe(6);
});

test('steps stand in their order however they arrive', () => {
  const events: OperationEvent[] = [
    { seq: 1, type: 'step', step: step(2, 'waiting') },
    { seq: 2, type: 'step', step: step(0, 'running') },
    { seq: 3, type: 'step', step: step(0, 'miss') },
  ];
  const view = events.reduce(applyEvent, outerView(operation));
  expect(view.steps.map((one) => [one.index, one.status])).toEqual([
    [0, 'miss'],
    [2, 'waiting'],
  ]);
});

test('a page that joins again keeps the log it has', () => {
  const events: OperationEvent[] = [
    { seq: 1, type: 'log', step: 0, offset: 0, text: 'one\n' },
    { seq: 2, type: 'log', step: 0, offset: 4, text: 'two\n' },
    { seq: 9, type: 'snapshot', snapshot: { operation, steps: [], blobs: [] } },
    { seq: 10, type: 'log', step: 0, offset: 8, text: 'three\n' },
  ];
  expect(events.reduce(applyEvent, outerView(operation)).logs[0]).toEqual({
    start: 0,
    text: 'one\ntwo\nthree\n',
  });
});

test.each([
  ['the first piece', undefined, 0, 'ab', { start: 0, text: 'ab' }],
  ['the first piece of a late joiner', undefined, 7, 'ab', { start: 7, text: 'ab' }],
  ['what follows', { start: 0, text: 'ab' }, 2, 'cd', { start: 0, text: 'abcd' }],
  ['a repeat', { start: 0, text: 'abcd' }, 2, 'cd', { start: 0, text: 'abcd' }],
  ['a repeat with more', { start: 0, text: 'abcd' }, 2, 'cdef', { start: 0, text: 'abcdef' }],
  ['the beginning that was missing', { start: 4, text: 'ef' }, 0, 'abcd', { start: 0, text: 'abcdef' }],
  ['a beginning that overlaps', { start: 2, text: 'cd' }, 0, 'abcdef', { start: 0, text: 'abcdef' }],
  ['an early piece that leaves a hole', { start: 4, text: 'ef' }, 0, 'a', { start: 4, text: 'ef' }],
  ['a later piece after a hole', { start: 0, text: 'ab' }, 5, 'f', { start: 5, text: 'f' }],
] as const)('the log takes %s', (_what, log, offset, text, merged) => {
  expect(mergeLog(log, offset, text)).toEqual(merged);
});
