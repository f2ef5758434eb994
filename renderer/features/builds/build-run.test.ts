import { describe, expect, it } from 'vitest';
import type { BuildStep } from '#shared/contract/builds.ts';
import type { Operation, OperationEvent } from '#shared/contract/operations.ts';
import { applyBuildEvent, type BuildRun, withLogAnswer } from './build-run.ts';

const operation: Operation = {
  id: 'o',
  kind: 'build',
  title: 'Build web',
  state: 'running',
  startedAt: 1,
  endedAt: null,
  progress: null,
  error: null,
  result: null,
  buildId: 'b',
};
const step = (index: number, status: BuildStep['status']): BuildStep => ({
  index,
  stage: 'x',
  line: index + 1,
  endLine: index + 1,
  instruction: 'RUN x',
  status,
  ms: 0,
  size: 0,
  reasons: [],
});
const snapshot = (seq: number, steps: BuildStep[]): OperationEvent => ({
  seq,
  type: 'snapshot',
  snapshot: { operation, steps, blobs: [] },
});
const play = (events: readonly OperationEvent[]): BuildRun | null =>
  events.reduce<BuildRun | null>(applyBuildEvent, null);

describe('applyBuildEvent', () => {
  it('follows a build from its snapshot', () => {
    const run = play([
      snapshot(3, [step(0, 'running'), step(1, 'waiting')]),
      { seq: 4, type: 'step', step: step(0, 'miss') },
      { seq: 5, type: 'step', step: step(2, 'waiting') },
      { seq: 6, type: 'operation', operation: { ...operation, state: 'done' } },
    ]);
    expect(run?.steps.map((item) => [item.index, item.status])).toEqual([
      [0, 'miss'],
      [1, 'waiting'],
      [2, 'waiting'],
    ]);
    expect(run?.operation.state).toBe('done');
  });

  it('drops events that are older than the snapshot, and events before any', () => {
    const late: OperationEvent = { seq: 2, type: 'step', step: step(0, 'waiting') };
    expect(play([late])).toBeNull();
    expect(play([snapshot(3, [step(0, 'hit')]), late])?.steps[0]?.status).toBe('hit');
  });

  it('keeps the logs when the page joins again', () => {
    const first = play([
      snapshot(1, [step(0, 'running')]),
      { seq: 2, type: 'log', step: 0, offset: 0, text: 'a' },
    ]);
    const again = applyBuildEvent(first, snapshot(9, [step(0, 'running')]));
    expect(again?.logs[0]?.text).toBe('a');
  });

  it('joins what was asked for with what follows live', () => {
    const live = play([
      snapshot(1, [step(0, 'running')]),
      { seq: 2, type: 'log', step: 0, offset: 6, text: 'world' },
    ]);
    expect(live?.logs[0]?.text).toBe('');
    const run = live === null ? null : withLogAnswer(live, 0, { offset: 0, text: 'hello ' });
    expect(run?.logs[0]?.text).toBe('hello world');
  });
});
