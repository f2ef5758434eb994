import type { BuildDetail } from '#shared/contract/builds.ts';
import type { CheckFinding, ProjectSource, SourceNote } from '#shared/contract/projects.ts';
import type { SourceRange } from '#shared/errors/app-error.ts';
import { type StepState, type StepView, stageWords, strongestState } from './step-state.ts';

/** One instruction of the text, wherever its position comes from. Lines count from 1, both ends included. */
export interface Instruction {
  readonly keyword: string;
  readonly line: number;
  readonly endLine: number;
  readonly stage: number;
}

/** An error that belongs into the source. */
export interface SourceError {
  readonly message: string;
  readonly hint: string | undefined;
  readonly line: number;
  readonly endLine: number;
}

/** A Dockerfile with its structure, from the project's folder or from a build record. */
export interface SourceText {
  readonly name: string;
  readonly lines: readonly string[];
  readonly instructions: readonly Instruction[];
  readonly stages: readonly { readonly index: number; readonly name: string | null; readonly line: number }[];
  readonly checks: readonly CheckFinding[];
  readonly notes: readonly SourceNote[];
}

/** Lines that belong together: an instruction with its state, or the text between two of them. */
export interface SourceBlock {
  /** First line, from 1: its identity in the text. */
  readonly line: number;
  readonly endLine: number;
  readonly lines: readonly string[];
  readonly keyword: string | null;
  /** Set on the first block of every stage when there are several. */
  readonly stageTitle: string | null;
  readonly steps: readonly StepView[];
  readonly state: StepState;
  readonly ms: number | null;
  readonly size: number | null;
  readonly checks: readonly CheckFinding[];
  /** What its lines mean here, where that is no finding. */
  readonly notes: readonly string[];
  readonly error: SourceError | null;
}

/** The text of a project's Dockerfile as it is now. */
export function textOfSource(source: ProjectSource): SourceText {
  return {
    name: source.name,
    lines: splitLines(source.text),
    instructions: source.instructions.map((instruction) => ({
      keyword: instruction.keyword,
      line: instruction.range.line,
      endLine: lastLine(instruction.range),
      stage: instruction.stage,
    })),
    stages: source.stages,
    checks: source.checks,
    notes: source.notes,
  };
}

/** The text that a finished build was made from; its structure is what its steps tell. */
export function textOfRecord(record: BuildDetail): SourceText {
  const stages = [...new Set(record.stepList.map((step) => step.stage))];
  const seen = new Map<number, Instruction>();
  for (const step of record.stepList) {
    const keyword = step.instruction.split(/\s/, 1)[0] ?? '';
    if (!seen.has(step.line))
      seen.set(step.line, {
        keyword,
        line: step.line,
        endLine: step.endLine,
        stage: stages.indexOf(step.stage),
      });
  }
  const instructions = [...seen.values()].sort((a, b) => a.line - b.line);
  return {
    name: record.options.dockerfile ?? 'Dockerfile',
    lines: splitLines(record.dockerfile),
    instructions,
    stages: stages.map((name, index) => ({
      index,
      name,
      line: instructions.find((instruction) => instruction.stage === index)?.line ?? 0,
    })),
    checks: [],
    notes: [],
  };
}

/** Joins text, steps and errors to the blocks that are drawn, from the first line to the last, none left out. */
export function sourceBlocks(
  text: SourceText,
  steps: readonly StepView[],
  error: SourceError | null,
): readonly SourceBlock[] {
  const blocks: SourceBlock[] = [];
  const used = usedStages(text, steps);
  let next = 1;
  for (const instruction of text.instructions) {
    if (instruction.line < next) continue;
    blocks.push(...gap(text, next, instruction.line - 1, error));
    const own = steps.filter((step) => step.line === instruction.line);
    const endLine = Math.min(instruction.endLine, text.lines.length);
    blocks.push({
      ...between(text, instruction.line, endLine, error),
      keyword: instruction.keyword.toUpperCase(),
      stageTitle: stageTitle(text, instruction),
      steps: own,
      state: own.length === 0 ? stateWithoutStep(instruction, used) : strongestState(states(own)),
      ms: sum(own.map((step) => step.ms)),
      size: sum(own.map((step) => step.size)),
    });
    next = endLine + 1;
  }
  blocks.push(...gap(text, next, text.lines.length, error));
  return blocks;
}

/** The lines from `line` to `endLine`, cut after each that bears an error or a check, so that it stands below it. */
function gap(
  text: SourceText,
  line: number,
  endLine: number,
  error: SourceError | null,
): readonly SourceBlock[] {
  const noted = [...text.checks.map((check) => check.range.line), ...text.notes.map((note) => note.line)];
  if (error !== null) noted.push(error.endLine);
  const ends = [...new Set([...noted.filter((end) => end >= line && end < endLine), endLine])];
  const blocks: SourceBlock[] = [];
  let from = line;
  for (const end of ends.toSorted((a, b) => a - b)) {
    if (from <= end) blocks.push(between(text, from, end, error));
    from = end + 1;
  }
  return blocks;
}

/** A block of text without an instruction; errors and checks stay at their lines all the same. */
function between(text: SourceText, line: number, endLine: number, error: SourceError | null): SourceBlock {
  return {
    line,
    endLine,
    lines: text.lines.slice(line - 1, endLine),
    keyword: null,
    stageTitle: null,
    steps: [],
    state: 'idle',
    ms: null,
    size: null,
    checks: text.checks.filter((check) => check.range.line >= line && check.range.line <= endLine),
    notes: text.notes.filter((note) => note.line >= line && note.line <= endLine).map((note) => note.text),
    error: error !== null && error.endLine >= line && error.endLine <= endLine ? error : null,
  };
}

/**
 * A stage of which no step is built is not needed for the target. Within a used stage an instruction may lack a
 * step because the engine tells nothing about metadata.
 */
function stateWithoutStep(instruction: Instruction, used: ReadonlySet<number>): StepState {
  return used.size > 0 && instruction.stage >= 0 && !used.has(instruction.stage) ? 'unused' : 'idle';
}

function usedStages(text: SourceText, steps: readonly StepView[]): ReadonlySet<number> {
  const lines = new Set(steps.map((step) => step.line));
  return new Set(
    text.instructions
      .filter((instruction) => lines.has(instruction.line))
      .map((instruction) => instruction.stage),
  );
}

function stageTitle(text: SourceText, instruction: Instruction): string | null {
  if (text.stages.length < 2) return null;
  const stage = text.stages.find((candidate) => candidate.line === instruction.line);
  if (stage === undefined) return null;
  return `Stage ${stageWords(stage.name || String(stage.index))}`;
}

function splitLines(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** A range that ends before the first column of a line does not reach into that line. */
function lastLine(range: SourceRange): number {
  return range.endColumn === 0 && range.endLine > range.line ? range.endLine - 1 : range.endLine;
}

function states(steps: readonly StepView[]): readonly StepState[] {
  return steps.map((step) => step.state);
}

function sum(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}
