import { describe, expect, it } from 'vitest';
import { type SourceText, sourceBlocks } from './source-model.ts';
import type { StepView } from './step-state.ts';

const DOCKERFILE = `# comment
ARG V=1

FROM a AS build
RUN one \\
  # inside
  two
FROM b

COPY --from=build /x /y
CMD ["x"]
# end`;

const text: SourceText = {
  name: 'Dockerfile',
  lines: DOCKERFILE.split('\n'),
  instructions: [
    { keyword: 'ARG', line: 2, endLine: 2, stage: -1 },
    { keyword: 'from', line: 4, endLine: 4, stage: 0 },
    { keyword: 'RUN', line: 5, endLine: 7, stage: 0 },
    { keyword: 'FROM', line: 8, endLine: 8, stage: 1 },
    { keyword: 'COPY', line: 10, endLine: 10, stage: 1 },
    { keyword: 'CMD', line: 11, endLine: 11, stage: 1 },
  ],
  stages: [
    { index: 0, name: 'build', line: 4 },
    { index: 1, name: null, line: 8 },
  ],
  checks: [
    {
      rule: 'R',
      severity: 'warning',
      description: 'd',
      detail: 'e',
      url: 'https://example.org',
      range: { line: 6, column: 0, endLine: 6, endColumn: 3 },
    },
  ],
  notes: [{ line: 1, text: 'n' }],
};

const step = (line: number, more: Partial<StepView> = {}): StepView => ({
  index: null,
  stage: 'x',
  platform: null,
  line,
  endLine: line,
  instruction: 'X',
  state: 'hit',
  ms: 1,
  size: null,
  reasons: [],
  exitCode: null,
  uncounted: [],
  ...more,
});

describe('sourceBlocks', () => {
  it('shows every line once, in order', () => {
    const lines = sourceBlocks(text, [], null).flatMap((block) => block.lines);
    expect(lines.join('\n')).toBe(DOCKERFILE);
  });

  it('separates stages when there are several', () => {
    const titles = sourceBlocks(text, [], null).map((block) => block.stageTitle);
    expect(titles.filter((title) => title !== null)).toEqual(['Stage build', 'Stage 2']);
    const numbered = {
      ...text,
      stages: text.stages.map((stage) => ({ ...stage, name: `stage-${stage.index}` })),
    };
    expect(sourceBlocks(numbered, [], null).find((block) => block.line === 8)?.stageTitle).toBe('Stage 2');
    const single = { ...text, stages: text.stages.slice(0, 1) };
    expect(sourceBlocks(single, [], null).every((block) => block.stageTitle === null)).toBe(true);
  });

  it('keeps a check inside the instruction that spans its line', () => {
    const block = sourceBlocks(text, [], null).find((candidate) => candidate.checks.length > 0);
    expect(block).toMatchObject({ keyword: 'RUN', line: 5, endLine: 7 });
  });

  it('puts a note below the line that it is about', () => {
    const [first, second] = sourceBlocks(text, [], null);
    expect(first).toMatchObject({ line: 1, endLine: 1, keyword: null, notes: ['n'] });
    expect(second).toMatchObject({ keyword: 'ARG', notes: [] });
  });

  it('puts an error at its line', () => {
    const error = { message: 'm', hint: undefined, line: 10, endLine: 10 };
    const hit = sourceBlocks(text, [], error).filter((block) => block.error !== null);
    expect(hit.map((block) => block.line)).toEqual([10]);
  });

  it('puts an error below its line where no instruction could be read', () => {
    const unread = { ...text, instructions: [], stages: [], checks: [], notes: [] };
    const error = { message: 'm', hint: undefined, line: 5, endLine: 5 };
    const blocks = sourceBlocks(unread, [], error);
    expect(blocks.map((block) => [block.line, block.endLine, block.error !== null])).toEqual([
      [1, 5, true],
      [6, 12, false],
    ]);
  });

  it('calls a stage without steps not needed, and leaves silent metadata in a used stage alone', () => {
    const states = new Map(
      sourceBlocks(text, [step(8), step(10)], null).map((block) => [block.line, block.state]),
    );
    expect(states.get(2)).toBe('idle');
    expect(states.get(4)).toBe('unused');
    expect(states.get(5)).toBe('unused');
    expect(states.get(8)).toBe('hit');
    expect(states.get(11)).toBe('idle');
  });

  it('joins several steps of one line: the strongest state, times and sizes added', () => {
    const steps = [
      step(4, { state: 'hit', ms: 10, size: 5 }),
      step(4, { state: 'running', ms: null }),
      step(4, { state: 'miss', ms: 7, size: 6 }),
    ];
    const block = sourceBlocks(text, steps, null).find((candidate) => candidate.line === 4);
    expect(block).toMatchObject({ state: 'running', ms: 17, size: 11 });
    expect(block?.steps).toHaveLength(3);
  });

  it('has no time where no step has one', () => {
    const block = sourceBlocks(text, [step(8, { ms: null })], null).find((candidate) => candidate.line === 8);
    expect(block?.ms).toBeNull();
  });
});
