import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../build/dockerfile/parse.ts';
import { record, step } from '../testing/records.ts';
import { adviseBuild } from './advise-build.ts';
import { adviseBase } from './base-advice.ts';
import { adviseRuns } from './run-advice.ts';

function runs(text: string, sizes: Readonly<Record<string, number>> = {}) {
  const stepList = Object.entries(sizes).map(([instruction, size]) => step(instruction, { size }));
  return adviseRuns(parseDockerfile(`FROM debian\n${text}`, 'Dockerfile'), [record({ stepList })]);
}

describe('advice on several RUNs', () => {
  it('finds apt-get update apart from its install, and weighs its layer', () => {
    const [first, ...rest] = runs('RUN apt-get update\nRUN apt-get install -y curl\n', {
      'RUN apt-get update': 12_000_000,
    });
    expect(rest).toEqual([]);
    expect(first).toMatchObject({
      kind: 'runs',
      title: 'apt-get update stands apart from apt-get install',
      line: 2,
      bytes: 12_000_000,
    });
    expect(first?.detail).toContain('12.0 MB');
  });

  it('finds a RUN that removes what an earlier layer ships', () => {
    const text =
      'RUN apt-get update && apt-get install -y curl\nRUN rm -rf /var/lib/apt/lists/* && apt-get clean\n';
    const found = runs(text, { 'RUN apt-get update && apt-get install -y curl': 30_000_000 });
    expect(found).toMatchObject([
      { line: 3, detail: expect.stringContaining('line 2, which weighs 30.0 MB') },
    ]);
  });

  it('finds packages that are installed one step after the other', () => {
    const found = runs('RUN apk add curl\nRUN apk add git\nENV A=1\nRUN apk add jq\n');
    expect(found).toMatchObject([{ title: '2 steps install packages one after the other', line: 2 }]);
  });

  it.each([
    ['one RUN', 'RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n'],
    ['an update without an install after it', 'RUN apt-get update\nRUN make\n'],
    [
      'lists in a cache mount',
      'RUN --mount=type=cache,target=/var/lib/apt apt-get update\nRUN apt-get install a\n',
    ],
    ['a first RUN that removes', 'RUN rm -rf /opt/junk\nRUN make\n'],
    ['steps that do other things', 'RUN make\nRUN make install\nRUN npm ci\n'],
  ])('says nothing of %s', (_name, text) => {
    expect(runs(text)).toEqual([]);
  });
});

describe('advice on the base', () => {
  const base = { name: 'node:22', line: 1, bytes: 400_000_000, ownBytes: 20_000_000 };

  it('names smaller variants of the version that are in the store, with what they save', () => {
    const [first] = adviseBase(base, [
      { name: 'node:22', bytes: 400_000_000 },
      { name: 'node:22-slim', bytes: 80_000_000 },
      { name: 'node:22.3-alpine', bytes: 50_000_000 },
      { name: 'node:20-alpine', bytes: 45_000_000 },
      { name: 'node:222', bytes: 10_000_000 },
      { name: 'other:22-slim', bytes: 1_000_000 },
    ]);
    expect(first).toMatchObject({ kind: 'base', line: 1, bytes: 350_000_000 });
    expect(first?.title).toBe('The base node:22 weighs 400 MB, your own layers 20.0 MB');
    expect(first?.detail).toContain('node:22.3-alpine 50.0 MB, node:22-slim 80.0 MB.');
  });

  it('says which were measured at the registry alone', () => {
    const [first] = adviseBase(base, [
      { name: 'node:22-slim', bytes: 80_000_000, isRemote: true },
      { name: 'node:22-bookworm-slim', bytes: 90_000_000 },
    ]);
    expect(first?.detail).toContain(
      'are measured: node:22-slim 80.0 MB (at its registry), node:22-bookworm-slim 90.0 MB.',
    );
  });

  it('tells of a large one alone that a smaller one can be measured', () => {
    expect(adviseBase(base, [])).toMatchObject([{ bytes: null, detail: expect.stringContaining('-slim') }]);
  });

  it.each([
    ['a small base', { ...base, bytes: 30_000_000 }, []],
    ['a base beside large layers of your own', { ...base, ownBytes: 300_000_000 }, []],
    ['a variant that is small already', { ...base, name: 'node:22-slim' }, []],
    [
      'an alternative that saves little',
      { ...base, ownBytes: 3e8 },
      [{ name: 'node:22-slim', bytes: 390_000_000 }],
    ],
  ])('says nothing of %s', (_name, measured, images) => {
    expect(adviseBase(measured, images)).toEqual([]);
  });

  it('takes latest for any version, and names without a version by their beginning', () => {
    const slim = [{ name: 'debian:bookworm-slim', bytes: 30_000_000 }];
    expect(adviseBase({ ...base, name: 'debian:bookworm' }, slim)).toHaveLength(1);
    expect(adviseBase({ ...base, name: 'debian' }, [{ name: 'debian:stable-slim', bytes: 1 }])).toHaveLength(
      1,
    );
    expect(adviseBase({ ...base, name: 'debian:trixie', ownBytes: 4e8 }, slim)).toEqual([]);
  });
});

it('advice is sorted by the time it cost, then by bytes, and stands at the line of its layer', () => {
  const dockerfile = parseDockerfile('FROM node\nRUN apt-get update\nCOPY . .\nRUN npm ci\n', 'Dockerfile');
  const paths = ['a.ts'];
  const stepList = [
    step('RUN apt-get update', { status: 'hit', line: 2, layer: 'sha256:2', size: 100 }),
    step('COPY . .', { line: 3, reasons: [{ kind: 'files-changed', detail: 'x', paths }] }),
    step('RUN npm ci', { line: 4, layer: 'sha256:4', reasons: [{ kind: 'parent-rebuilt', detail: 'x' }] }),
  ];
  const found = adviseBuild({
    dockerfile,
    records: [record({ stepList }), record({ stepList })],
    images: [],
    image: {
      layers: ['sha256:1', 'sha256:2', 'sha256:3', 'sha256:4'],
      base: { name: 'node', line: 1, bytes: 100_000_000, ownBytes: 1 },
      advice: [{ title: 'The cache of npm', detail: 'x', bytes: 9_000_000, layer: 3 }],
    },
  });
  expect(found.map(({ kind, line, bytes }) => [kind, line, bytes])).toEqual([
    ['order', 3, null],
    ['image', 4, 9_000_000],
    ['base', 1, null],
  ]);
  expect(adviseBuild({ dockerfile, records: [], images: [], image: null })).toEqual([]);
});
