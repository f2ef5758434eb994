import { describe, expect, it } from 'vitest';
import type { BuildEvent } from '../../engine.ts';
import { foldEvents, stepLines } from '../../testing/watch-build.ts';
import { createBuildKitProgress, exitCodeOf, parseVertexName } from './buildkit-progress.ts';
import type { Vertex } from './buildkit-status.ts';
import { planForEngine } from './engine-plan.ts';
import { createStepTracker } from './step-tracker.ts';

describe('the name of a BuildKit operation', () => {
  it.each([
    ['[2/5] RUN npm ci', { stage: null, position: 2, total: 5, text: 'RUN npm ci' }],
    ['[build 3/7] COPY . .', { stage: 'build', position: 3, total: 7, text: 'COPY . .' }],
    ['[stage-1 2/3] RUN a\nb', { stage: 'stage-1', position: 2, total: 3, text: 'RUN a\nb' }],
    ['[linux/arm64 build 1/2] FROM x', { stage: 'build', position: 1, total: 2, text: 'FROM x' }],
    ['[linux/amd64 1/2] FROM x', { stage: null, position: 1, total: 2, text: 'FROM x' }],
    ['[linux/amd64->arm64 cross 1/2] FROM x', { stage: 'cross', position: 1, total: 2, text: 'FROM x' }],
  ])('%s says stage, place and instruction', (name, expected) => {
    expect(parseVertexName(name)).toEqual(expected);
  });

  it.each(['[internal] load build definition from Dockerfile', 'exporting to image', 'copy /context /', ''])(
    '%j is of no instruction',
    (name) => {
      expect(parseVertexName(name)).toBeNull();
    },
  );
});

describe('exit codes', () => {
  it.each([
    ['executor failed running [/bin/sh -c false]: exit code: 1', 1],
    ['process "/bin/sh -c exit 137" did not complete successfully: exit code: 137', 137],
    ['"/nope": not found', null],
  ])('%s', (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });
});

describe('operations as steps', () => {
  const vertex = (digest: string, name: string, change: Partial<Vertex> = {}): Vertex => ({
    digest,
    name,
    cached: false,
    started: 1000,
    completed: 1500,
    error: '',
    ...change,
  });
  const play = (dockerfile: string, vertexes: readonly Vertex[]) => {
    const options = { buildArgs: {}, platform: undefined, target: undefined };
    const planned = planForEngine(dockerfile, 'Dockerfile', options, { os: 'linux', architecture: 'amd64' });
    const events: BuildEvent[] = [];
    const tracker = createStepTracker(planned, {
      engine: 'Docker',
      noCache: false,
      onEvent: (event) => events.push(event),
    });
    const progress = createBuildKitProgress(tracker);
    for (const one of vertexes) progress.accept({ vertexes: [one], statuses: [], logs: [] });
    return { progress, tracker, state: () => foldEvents(events) };
  };

  it('counts triggers that a newer BuildKit has in its total', () => {
    const { state } = play('FROM b\nRUN own\n', [
      vertex('1', '[1/4] FROM b'),
      vertex('2', '[2/4] RUN triggered'),
      vertex('3', '[3/4] COPY triggered /'),
      vertex('4', '[4/4] RUN own'),
    ]);
    const { steps } = state();
    expect(stepLines(steps)).toEqual(['1 FROM b miss', '2 RUN own miss']);
    expect(steps.map(({ ms }) => ms)).toEqual([1500, 500]);
  });

  it('knows that a stage on another stage has no operation for its FROM', () => {
    const { state } = play('FROM b AS one\nRUN a\nFROM one\nRUN c\nRUN d\n', [
      vertex('1', '[one 1/2] FROM b', { cached: true }),
      vertex('2', '[one 2/2] RUN a', { cached: true }),
      vertex('3', '[stage-1 1/2] RUN c', { cached: true }),
      vertex('4', '[stage-1 2/2] RUN d'),
    ]);
    const states = ['1 FROM b AS one hit', '2 RUN a hit', '3 FROM one hit', '4 RUN c hit', '5 RUN d miss'];
    expect(stepLines(state().steps)).toEqual(states);
  });

  it('takes an operation that equals one of another stage for done with the build', () => {
    const { state, tracker } = play(
      'FROM b AS one\nRUN a\nFROM b AS two\nRUN a\nFROM scratch\nCOPY --from=one / /\nCOPY --from=two / /\n',
      [
        vertex('1', '[one 1/2] FROM b'),
        vertex('2', '[one 2/2] RUN a', { cached: true }),
        vertex('3', '[stage-2 1/2] COPY --from=one / /', { cached: true }),
        vertex('4', '[stage-2 2/2] COPY --from=two / /', { cached: true }),
      ],
    );
    expect(state().steps[3]?.status).toBe('waiting');
    tracker.close('done');
    expect(state().steps.map(({ status }) => status)).toEqual(Array.from({ length: 7 }, () => 'hit'));
  });

  it('shows what runs, and blames only the operation that failed by itself', () => {
    const { state, progress, tracker } = play('FROM b\nRUN one\nRUN two\n', [
      vertex('1', '[1/3] FROM b'),
      vertex('2', '[2/3] RUN one', { completed: null }),
    ]);
    expect(state().steps[1]?.status).toBe('running');
    progress.accept({
      vertexes: [
        vertex('3', '[3/3] RUN two', { error: 'context canceled' }),
        vertex('2', '[2/3] RUN one', { error: 'exit code: 2' }),
      ],
      statuses: [],
      logs: [],
    });
    tracker.close('failed');
    expect(progress.failure()).toMatchObject({ step: { line: 2 } });
    expect(stepLines(state().steps)).toEqual(['1 FROM b hit', '2 RUN one failed', '3 RUN two waiting']);
  });

  it('joins characters that are cut between two messages', () => {
    const { progress, state } = play('FROM b\nRUN one\n', [
      vertex('1', '[1/2] FROM b'),
      vertex('2', '[2/2] RUN one'),
    ]);
    const bytes = Buffer.from('zwölf', 'utf8');
    for (const message of [bytes.subarray(0, 3), bytes.subarray(3)]) {
      progress.accept({ vertexes: [], statuses: [], logs: [{ vertex: '2', stream: 1, message }] });
    }
    expect(state().logs.get(1)).toBe('zwölf');
  });

  it('marks what was under way as cancelled', () => {
    const { state, tracker } = play('FROM b\nRUN one\nRUN two\n', [
      vertex('1', '[1/3] FROM b'),
      vertex('2', '[2/3] RUN one', { completed: null }),
    ]);
    tracker.close('cancelled');
    expect(state().steps.map(({ status }) => status)).toEqual(['hit', 'cancelled', 'cancelled']);
  });
});
