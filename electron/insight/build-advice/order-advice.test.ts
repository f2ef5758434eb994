import { describe, expect, it } from 'vitest';
import type { BuildStep } from '#shared/contract/builds.ts';
import { parseDockerfile } from '../../build/dockerfile/parse.ts';
import { record, step } from '../testing/records.ts';
import { adviseOrder } from './order-advice.ts';

const NODE = 'FROM node\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\n';
const changed = (...paths: string[]) => [{ kind: 'files-changed', detail: 'x', paths }];
const parent = [{ kind: 'parent-rebuilt', detail: 'x' }];

/** A build in which COPY was rebuilt for these reasons, and RUN npm ci for those. */
function build(copy: BuildStep['reasons'], run: BuildStep['reasons'] = parent, ms = 28_000) {
  const isHit = copy.length === 0;
  return record({
    stepList: [
      step('FROM node', { status: 'hit' }),
      step('WORKDIR /app', { status: 'hit' }),
      step('COPY . .', { status: isHit ? 'hit' : 'miss', reasons: copy }),
      step('RUN npm ci', { status: isHit ? 'hit' : 'miss', reasons: run, ms }),
      step('RUN npm run build', { reasons: parent, ms: 9000 }),
    ],
  });
}

const advise = (records: ReturnType<typeof build>[], text = NODE) =>
  adviseOrder(parseDockerfile(text, 'Dockerfile'), records);

describe('advice on order', () => {
  it('counts the rebuilds of earlier builds and what they took', () => {
    const needless = Array.from({ length: 14 }, () => build(changed('src/a.ts')));
    const records = [...needless, ...Array.from({ length: 6 }, () => build([]))];
    expect(advise(records)).toEqual([
      {
        kind: 'order',
        title: 'COPY . . stands before RUN npm ci',
        detail:
          'In your last 20 builds that cost 14 rebuilds, 6 min 32 s. It needs package.json and its lock file alone: copy those first and run it, then COPY . . can follow.',
        line: 3,
        rebuilds: 14,
        ms: 392_000,
        bytes: null,
      },
    ]);
  });

  const needless = build(changed('src/a.ts'));
  it.each([
    ['a needed file changed too', build(changed('src/a.ts', 'package-lock.json'))],
    ['the instruction was edited', build([{ kind: 'instruction-changed', detail: 'x' }])],
    ['the changed files are not known', build(changed())],
    [
      'the step has a reason of its own',
      build(changed('a'), [...parent, { kind: 'environment-changed', detail: 'x' }]),
    ],
    ['it was the first build', build(changed('a'), [{ kind: 'no-earlier-build', detail: 'x' }])],
    ['it came from the cache', build([])],
    ['an engine does not say why', build([{ kind: 'engine-unknown', detail: 'x' }])],
  ])('does not count a build in which %s', (_name, other) => {
    expect(advise([needless, needless, other])[0]?.rebuilds).toBe(2);
    expect(advise([needless, other])).toEqual([]);
  });

  it('does not count a build in which another step before it was rebuilt for reasons of its own', () => {
    const other = build(changed('src/a.ts'));
    other.stepList[1] = step('WORKDIR /app', { reasons: [{ kind: 'user-changed', detail: 'x' }] });
    expect(advise([needless, other])).toEqual([]);
  });

  it('says nothing any more once the Dockerfile has been mended', () => {
    const mended = 'FROM node\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci\nCOPY . .\n';
    expect(advise([needless, needless], mended)).toEqual([]);
  });

  it.each([
    ['RUN apt-get update && apt-get install -y curl', 'no file of the context: put it before line 2'],
    ['RUN pip install --no-cache-dir -r requirements.txt', 'the requirements file alone'],
    ['RUN go mod download', 'go.mod and go.sum alone'],
    ['RUN ["npm", "ci"]', 'package.json and its lock file alone'],
  ])('knows what %s needs', (run, words) => {
    const text = `FROM base\nCOPY . .\n${run}\n`;
    const stepList = [
      step('FROM base', { status: 'hit' }),
      step('COPY . .', { reasons: changed('README.md') }),
      step(run, { reasons: parent }),
    ];
    const [first] = advise([record({ stepList }), record({ stepList })], text);
    expect(first?.detail).toContain(words);
  });

  it.each([
    'RUN npm ci && npm run build',
    'RUN pip install .',
    'RUN pip install -e .[dev]',
    'RUN apt-get install ./tool.deb',
    'RUN make install',
  ])('says nothing of %s, which may need the other files', (run) => {
    const text = `FROM base\nCOPY . .\n${run}\n`;
    const stepList = [step('COPY . .', { reasons: changed('README.md') }), step(run, { reasons: parent })];
    expect(advise([record({ stepList }), record({ stepList })], text)).toEqual([]);
  });
});
