import { expect, it } from 'vitest';
import { chromeTrace } from './chrome-trace.ts';
import { record, step } from './testing/records.ts';

const reasons = [{ kind: 'files-changed', detail: 'src/a.ts changed.' }];

it('a trace has a named row for each stage and an event for each step, in microseconds', () => {
  const stepList = [
    step('FROM a', { index: 0, stage: 'build', status: 'hit', ms: 2, startedAt: 5, savedMs: 40 }),
    step('RUN make', {
      index: 1,
      stage: 'build',
      line: 2,
      ms: 1500,
      size: 7,
      startedAt: 7,
      layer: 'sha256:1',
      reasons,
    }),
    step('FROM scratch', { index: 2, stage: '1', ms: 1, startedAt: 5, line: 3 }),
  ];
  const { traceEvents, otherData } = chromeTrace(record({ stepList, digest: 'sha256:9' }));
  expect(
    traceEvents.filter(({ ph }) => ph === 'M').map(({ name, tid, args }) => [name, tid, args.name]),
  ).toEqual([
    ['process_name', 0, 'Build app'],
    ['thread_name', 1, 'stage build'],
    ['thread_name', 2, 'stage 1'],
  ]);
  const events = traceEvents.filter(({ ph }) => ph === 'X');
  expect(events.map(({ name, tid, ts, dur }) => [name, tid, ts, dur])).toEqual([
    ['FROM a', 1, 5000, 2000],
    ['RUN make', 1, 7000, 1_500_000],
    ['FROM scratch', 2, 5000, 1000],
  ]);
  expect(events[1]).toMatchObject({
    cat: 'miss',
    pid: 1,
    args: { line: 2, bytes: 7, layer: 'sha256:1', reasons: ['src/a.ts changed.'] },
  });
  expect(otherData).toMatchObject({
    build: 'one',
    digest: 'sha256:9',
    startedAt: '2023-11-14T22:13:20.000Z',
  });
});

it('steps of records without beginnings follow one another, and those not begun are left out', () => {
  const stepList = [
    step('FROM a', { ms: 10 }),
    step('RUN b', { ms: 20, status: 'failed', exitCode: 1 }),
    step('CMD c', { status: 'waiting' }),
  ];
  const events = chromeTrace(record({ stepList })).traceEvents.filter(({ ph }) => ph === 'X');
  expect(events.map(({ ts, dur }) => [ts, dur])).toEqual([
    [0, 10_000],
    [10_000, 20_000],
  ]);
  expect(events[1]?.args.exitCode).toBe(1);
});
