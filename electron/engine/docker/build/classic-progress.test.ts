import { describe, expect, it } from 'vitest';
import type { BuildEvent } from '../../engine.ts';
import { foldEvents, stepLines } from '../../testing/watch-build.ts';
import { classicExitCode, createClassicProgress, parseClassicLine } from './classic-progress.ts';
import { planForEngine } from './engine-plan.ts';
import { createStepTracker } from './step-tracker.ts';

function follow(dockerfile: string) {
  const options = { buildArgs: {}, platform: undefined, target: undefined };
  const planned = planForEngine(dockerfile, 'Dockerfile', options, { os: 'linux', architecture: 'amd64' });
  const events: BuildEvent[] = [];
  const tracker = createStepTracker(planned, {
    engine: 'Podman',
    noCache: false,
    onEvent: (event) => events.push(event),
  });
  let time = 0;
  const progress = createClassicProgress(tracker, () => (time += 10));
  return { progress, state: () => foldEvents(events) };
}

describe('the text of a classic build', () => {
  it.each([
    ['Step 3/9 : RUN a', { kind: 'step', stage: null, instruction: 3, text: 'RUN a' }],
    ['[2/3] STEP 4/6: RUN a', { kind: 'step', stage: 2, instruction: 4, text: 'RUN a' }],
    ['STEP 1/3: FROM a', { kind: 'step', stage: 0, instruction: 1, text: 'FROM a' }],
    ['STEP 2: RUN old', { kind: 'step', stage: 0, instruction: 2, text: 'RUN old' }],
    [' ---> Using cache', { kind: 'cached' }],
    ['--> Using cache e5e94105176da089', { kind: 'cached' }],
    ['Trying to pull docker.io/library/a:1...', { kind: 'fetching' }],
    ['1.0: Pulling from library/a', { kind: 'fetching' }],
    [' ---> 916a7ae9ce3a', { kind: 'note' }],
    ['--> e5e94105176', { kind: 'note' }],
    ['Removing intermediate container 03730b03ec98', { kind: 'note' }],
    ['Successfully tagged a:1', { kind: 'note' }],
    ['[3/3] COMMIT docker.io/library/a:1', { kind: 'commit' }],
    ['COMMIT a', { kind: 'commit' }],
    ['hello', { kind: 'output' }],
    ['', { kind: 'output' }],
  ])('%j is understood', (line, expected) => {
    expect(parseClassicLine(line)).toEqual(expected);
  });

  it('takes output that looks like a step for output', () => {
    const { progress, state } = follow('FROM a\nRUN seq\nRUN last\n');
    for (const text of [
      'STEP 1/3: FROM a\n',
      'STEP 2/3: RUN seq\n',
      'STEP 9/9: RUN fake\n',
      'Step 3/3 : COPY fake\n',
    ])
      progress.accept(text);
    progress.accept('STEP 3/3: RUN last\n--> Using cache abc\nCOMMIT x\n0123\n');
    progress.finish(null);
    expect(state().logs.get(1)).toBe('STEP 9/9: RUN fake\nStep 3/3 : COPY fake\n');
    expect(stepLines(state().steps)).toEqual(['1 FROM a hit', '2 RUN seq miss', '3 RUN last hit']);
    expect(state().logs.get(2)).toBeUndefined();
  });

  it('tells output at once, whole lines or not', () => {
    const { progress, state } = follow('FROM a\nRUN dots\n');
    progress.accept('Step 1/2 : FROM a');
    progress.accept('\n');
    progress.accept('Step 2/2 : RUN dots');
    progress.accept('\n');
    progress.accept('.');
    progress.accept('.');
    expect(state().logs.get(1)).toBe('..');
    progress.accept('\n\nend\n');
    expect(state().logs.get(1)).toBe('..\n\nend\n');
  });

  it('leaves the output of stages that the target does not need aside', () => {
    const { progress, state } = follow('FROM a AS unused\nRUN noise\nFROM a\nRUN real\n');
    for (const text of ['Step 1/4 : FROM a AS unused\n', 'Step 2/4 : RUN noise\n', 'noise\n'])
      progress.accept(text);
    for (const text of ['Step 3/4 : FROM a\n', 'Step 4/4 : RUN real\n', 'real\n']) progress.accept(text);
    progress.finish(null);
    expect([...state().logs]).toEqual([[1, 'real\n']]);
    expect(stepLines(state().steps)).toEqual(['3 FROM a hit', '4 RUN real miss']);
  });

  it('tells a base that was fetched', () => {
    const { progress, state } = follow('FROM a\n');
    progress.accept('STEP 1/1: FROM a\nTrying to pull docker.io/library/a:latest...\n');
    progress.finish(null);
    expect(state().steps[0]).toMatchObject({ status: 'miss', reasons: [{ kind: 'base-fetched' }] });
  });

  it.each([
    ["The command '/bin/sh -c false' returned a non-zero code: 7", 7],
    ['building at STEP "RUN false": while running runtime: exit status 8', 8],
    ['no space left on device', null],
  ])('reads the exit code in %j', (error, code) => {
    expect(classicExitCode(error)).toBe(code);
  });
});
