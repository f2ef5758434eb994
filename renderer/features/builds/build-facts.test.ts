import { describe, expect, it } from 'vitest';
import { type OperationView, outerView } from '#renderer/store/operation-events.ts';
import type { BuildDetail, BuildStep } from '#shared/contract/builds.ts';
import type { ErrorView } from '#shared/contract/common.ts';
import { countSteps, errorInSource, factsOfBuild, stepOfInterest } from './build-facts.ts';
import { viewOfBuilt, viewOfPlanned } from './source/step-state.ts';

const step = (index: number, status: BuildStep['status'], instruction = 'COPY . .'): BuildStep => ({
  index,
  stage: 's',
  line: index + 1,
  endLine: index + 2,
  instruction,
  status,
  ms: 5,
  size: 0,
  reasons: [],
});
const detail: BuildDetail = {
  id: 'b',
  projectId: 'p',
  name: 'web',
  contextPath: '/x',
  engine: 'builtin',
  tags: [],
  state: 'running',
  startedAt: 100,
  ms: null,
  steps: 2,
  hits: 0,
  savedMs: 0,
  digest: null,
  imageId: null,
  dockerfile: '',
  options: { tags: [], buildArgs: {}, noCache: false, engine: 'builtin' },
  stepList: [step(0, 'waiting')],
  error: null,
  operationId: 'o',
};
const live = (more: Partial<OperationView['operation']>, steps: BuildStep[]): OperationView => ({
  ...outerView({
    id: 'o',
    kind: 'build',
    title: 't',
    state: 'running',
    startedAt: 100,
    endedAt: null,
    progress: null,
    error: null,
    result: null,
    buildId: 'b',
    ...more,
  }),
  steps,
  seq: 3,
});

describe('factsOfBuild', () => {
  it('takes steps and end from the operation while the record still says running', () => {
    const result = {
      kind: 'build' as const,
      buildId: 'b',
      digest: 'sha256:d',
      imageId: 'sha256:i',
      tags: ['web:1'],
    };
    const facts = factsOfBuild(detail, live({ state: 'done', endedAt: 350, result }, [step(0, 'miss')]));
    expect(facts).toMatchObject({ state: 'done', ms: 250, digest: 'sha256:d', tags: ['web:1'] });
    expect(facts.steps[0]?.state).toBe('built');
  });

  it('trusts the record once it is finished', () => {
    const facts = factsOfBuild({ ...detail, state: 'failed', ms: 9 }, live({}, [step(0, 'running')]));
    expect(facts).toMatchObject({ state: 'failed', ms: 9 });
    expect(facts.steps[0]?.state).toBe('skipped');
  });

  it('lets nothing wait or run in a build that has ended', () => {
    const stepList = [step(0, 'running'), step(1, 'waiting')];
    const facts = factsOfBuild({ ...detail, state: 'cancelled', stepList }, undefined);
    expect(facts.steps.map((item) => item.state)).toEqual(['cancelled', 'skipped']);
  });

  it('uses the record until the operation has told something', () => {
    const silent = { ...live({ state: 'done' }, []), seq: -1 };
    expect(factsOfBuild(detail, silent).state).toBe('running');
  });
});

describe('errorInSource', () => {
  const failed = [viewOfBuilt(step(0, 'hit')), viewOfBuilt(step(4, 'failed'))];
  const error = (more: Partial<ErrorView>): ErrorView => ({
    code: 'step-failed',
    message: 'm',
    hint: 'h',
    ...more,
  });
  it.each([
    [
      'the range of the Dockerfile',
      error({
        detail: {
          kind: 'source',
          path: 'Dockerfile',
          range: { line: 2, column: 0, endLine: 3, endColumn: 1 },
        },
      }),
      2,
    ],
    [
      'the line of the step',
      error({ detail: { kind: 'step', line: 7, instruction: 'RUN x', exitCode: 1, signal: null } }),
      7,
    ],
    ['the failed step', error({}), 5],
  ])('finds %s', (_name, view, line) => {
    expect(errorInSource(view, failed)).toMatchObject({ message: 'm', hint: 'h', line });
  });
  it('has no place without a line, for a cancelled build, and without an error', () => {
    expect(errorInSource(error({}), [])).toBeNull();
    expect(errorInSource(error({ code: 'cancelled' }), failed)).toBeNull();
    expect(errorInSource(null, failed)).toBeNull();
  });
});

it('counts predictions and facts alike', () => {
  const planned = (predicted: 'hit' | 'miss' | 'unknown') =>
    viewOfPlanned({ stage: 's', line: 1, endLine: 1, instruction: 'X', predicted, reasons: [] });
  expect(countSteps([planned('hit'), planned('miss'), planned('unknown')])).toEqual({
    total: 3,
    hits: 1,
    unknown: 1,
    over: 0,
  });
  expect(countSteps([step(0, 'hit'), step(1, 'miss'), step(2, 'running')].map(viewOfBuilt))).toEqual({
    total: 3,
    hits: 1,
    unknown: 0,
    over: 2,
  });
});

it.each([
  ['the failed step', [step(0, 'failed'), step(1, 'cancelled')], 0],
  ['the running step', [step(0, 'miss'), step(1, 'running'), step(2, 'waiting')], 1],
  ['a running command before a running copy', [step(0, 'running', 'RUN make'), step(1, 'running')], 0],
  ['the last rebuilt command', [step(0, 'hit'), step(1, 'miss', 'RUN make'), step(2, 'miss')], 1],
  ['the last rebuilt step when no command ran', [step(0, 'miss'), step(1, 'miss'), step(2, 'hit')], 1],
  ['the last step when all were cached', [step(0, 'hit'), step(1, 'hit')], 1],
])('chooses %s', (_name, steps, index) => {
  expect(stepOfInterest(steps.map(viewOfBuilt))?.index).toBe(index);
});
