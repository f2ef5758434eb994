// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of a Dockerfile.
import { describe, expect, it } from 'vitest';
import { projectSource } from '#shared/contract/projects.ts';
import { describeSource } from './source-view.ts';

const view = (text: string) => describeSource(text, '/work/app/Dockerfile', 'Dockerfile');

describe('describeSource', () => {
  it('lists instructions with the stage they belong to', () => {
    const { instructions } = view('ARG V=1\nFROM a AS x\nRUN 1 \\\n  2\nFROM b\nCMD ["c"]\n');
    expect(instructions.map(({ keyword, stage, stageName }) => [keyword, stage, stageName])).toEqual([
      ['ARG', -1, null],
      ['FROM', 0, 'x'],
      ['RUN', 0, 'x'],
      ['FROM', 1, null],
      ['CMD', 1, null],
    ]);
    expect(instructions[2]?.range).toEqual({ line: 3, column: 0, endLine: 4, endColumn: 3 });
  });

  it('shows the base of each stage with the defaults in place', () => {
    const { stages } = view('ARG V=20\nARG IMAGE\nFROM node:${V}-slim AS build\nFROM $IMAGE\nFROM build\n');
    expect(stages).toEqual([
      { index: 0, name: 'build', base: 'node:20-slim', line: 3 },
      { index: 1, name: null, base: '$IMAGE', line: 4 },
      { index: 2, name: null, base: 'build', line: 5 },
    ]);
  });

  it('lists the arguments that a build may set, each once, with defaults', () => {
    const { args } = view(
      'ARG A=1\nARG B="x $A"\nFROM a\nARG A\nARG C\nARG TARGETARCH\nARG D=${C:-y}\nFROM b\nARG C=late\n',
    );
    expect(args).toEqual([
      { name: 'A', default: '1' },
      { name: 'B', default: 'x 1' },
      { name: 'C', default: 'late' },
      { name: 'D', default: 'y' },
    ]);
  });

  it('lists the secrets that steps mount, each once', () => {
    const { secrets } = view(
      'ARG WHO=npm\nFROM a\nRUN --mount=type=secret,id=$WHO x\nRUN --mount=type=secret,target=/run/key --mount=type=secret,id=npm y\n',
    );
    expect(secrets).toEqual(['npm', 'key']);
  });

  it('carries the findings of the checks', () => {
    expect(view('FROM a as b\n').checks).toMatchObject([{ rule: 'FromAsCasing', range: { line: 1 } }]);
  });

  it('tells the first syntax error and nothing else', () => {
    const source = view('FROM a\nRNU x\nFOO\n');
    expect(source.error).toEqual({
      message: '"RNU" is not an instruction.',
      hint: 'Did you mean RUN?',
      range: { line: 2, column: 0, endLine: 2, endColumn: 5 },
    });
    expect(source.instructions).toEqual([]);
  });

  it.each([
    '',
    'FROM a\nCMD x\nEXPOSE 80/TCP\n',
    'FROM ${\n',
    '# check=nonsense\nFROM a\n',
    'FROM a\n# check=x\nRUN y\n',
  ])('keeps to the contract for %j', (text) => {
    expect(projectSource.parse(view(text))).toMatchObject({
      path: '/work/app/Dockerfile',
      name: 'Dockerfile',
      text,
    });
  });
});
