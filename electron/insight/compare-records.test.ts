import { describe, expect, it } from 'vitest';
import type { BuildDetail } from '#shared/contract/builds.ts';
import { compareRecords } from './compare-records.ts';
import { record, step } from './testing/records.ts';

const FROM = step('FROM base', { status: 'hit', ms: 1 });

function steps(before: BuildDetail['stepList'], after: BuildDetail['stepList']) {
  return compareRecords(record({ stepList: before }), record({ stepList: after })).steps.map(
    ({ before: a, after: b, change, layer }) => [
      a?.instruction ?? null,
      b?.instruction ?? null,
      change,
      layer,
    ],
  );
}

describe('two builds of a Dockerfile', () => {
  it('meet step by step, with status, time and size of both', () => {
    const [hit, miss] = [step('RUN make', { status: 'hit', ms: 2 }), step('RUN make', { ms: 900, size: 5 })];
    const { steps } = compareRecords(record({ stepList: [FROM, miss] }), record({ stepList: [FROM, hit] }));
    expect(steps[1]).toEqual({ stage: '0', before: miss, after: hit, change: 'same', layer: 'unknown' });
  });

  it('pair an edited line with its earlier self, and leave what is new or gone alone', () => {
    const before = [FROM, step('COPY a /'), step('RUN one'), step('CMD x')];
    const after = [FROM, step('ENV A=1'), step('COPY a /'), step('RUN two'), step('RUN three')];
    expect(steps(before, after).map(([a, b, change]) => [a, b, change])).toEqual([
      ['FROM base', 'FROM base', 'same'],
      [null, 'ENV A=1', 'added'],
      ['COPY a /', 'COPY a /', 'same'],
      ['RUN one', 'RUN two', 'edited'],
      ['CMD x', null, 'removed'],
      [null, 'RUN three', 'added'],
    ]);
  });

  it('never pair steps of different stages', () => {
    const before = [step('RUN make', { stage: 'a' })];
    const after = [step('RUN make', { stage: 'b' })];
    expect(steps(before, after).map(([, , change]) => change)).toEqual(['added', 'removed']);
  });

  it.each([
    ['same', { layer: 'sha256:1', size: 3 }, { layer: 'sha256:1', size: 3 }],
    ['changed', { layer: 'sha256:1', size: 3 }, { layer: 'sha256:2', size: 3 }],
    ['changed', { layer: 'sha256:1', size: 3 }, { size: 0 }],
    ['none', { size: 0 }, { size: 0 }],
    ['unknown', { size: 3 }, { size: 3 }],
    ['unknown', { layer: 'sha256:1' }, { status: 'failed' as const }],
  ])('say that the layer is %s', (layer, a, b) => {
    expect(steps([step('RUN make', a)], [step('RUN make', b)])[0]?.[3]).toBe(layer);
  });

  it('say whether image and Dockerfile are the same', () => {
    const one = record({ digest: 'sha256:1', dockerfile: 'FROM a\n' });
    expect(compareRecords(one, one)).toMatchObject({ sameImage: true, sameDockerfile: true });
    const other = record({ digest: 'sha256:2', dockerfile: 'FROM b\n' });
    expect(compareRecords(one, other)).toMatchObject({ sameImage: false, sameDockerfile: false });
    const failed = record({ digest: null });
    expect(compareRecords(failed, failed).sameImage).toBe(false);
  });

  it('name the options that differ, and no value of a secret', () => {
    const options = { tags: ['a:1'], noCache: false, engine: 'builtin' };
    const before = record({ options: { ...options, buildArgs: { V: '1', API_TOKEN: 'x' } } });
    const after = record({
      options: { ...options, noCache: true, target: 'dev', buildArgs: { V: '2', API_TOKEN: 'y' } },
    });
    expect(compareRecords(before, after).options).toEqual([
      { name: 'build argument V', before: '1', after: '2' },
      { name: 'build argument API_TOKEN', before: '(not shown)', after: '(not shown)' },
      { name: 'noCache', before: null, after: 'true' },
      { name: 'target', before: null, after: 'dev' },
    ]);
  });
});
