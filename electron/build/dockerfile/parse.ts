import type { SourceRange } from '#shared/errors/app-error.ts';
import type { ArgInstruction, Dockerfile, Heredoc, Instruction, Stage } from './ast.ts';
import { readDirectives } from './directives.ts';
import { closesHeredoc, findHeredocs, makeHeredoc } from './heredoc.ts';
import { LineReader, type LogicalLine, splitLines } from './lexer.ts';
import { parseInstruction, takesHeredocs } from './parse-instruction.ts';
import { type SourcePlace, sourceError } from './source-error.ts';

const FIRST_LINE: SourceRange = { line: 1, column: 0, endLine: 1, endColumn: 0 };

/** Parses a Dockerfile; `path` is only used to name it in errors. Throws `dockerfile-invalid` with its place. */
export function parseDockerfile(text: string, path: string): Dockerfile {
  const lines = splitLines(text);
  const directives = readDirectives(lines, path);
  const instructions = readInstructions(lines, path, directives.escape, directives.lineCount);
  if (instructions.length === 0) {
    const hint = 'Begin with FROM and the image to build on.';
    throw sourceError({ path, range: FIRST_LINE }, `${path} has no instructions.`, hint);
  }
  const { stages, globalArgs } = splitStages(instructions, path);
  return { path, text, directives, instructions, stages, globalArgs };
}

/**
 * Parses the trigger that an image config keeps for ONBUILD. Its errors point at `place`, the FROM that brought it.
 */
export function parseTrigger(text: string, place: SourcePlace): Instruction {
  const [instruction, ...more] = readInstructions(splitLines(text), place.path, '\\', 0, place.range);
  if (instruction !== undefined && more.length === 0) return instruction;
  const hint = 'The base image was built wrongly: build it again, or use another.';
  throw sourceError(
    place,
    `The base image has an ONBUILD trigger that is not one instruction: "${text}".`,
    hint,
  );
}

function readInstructions(
  lines: readonly string[],
  path: string,
  escapeCharacter: string,
  start: number,
  fixedRange?: SourceRange,
): Instruction[] {
  const reader = new LineReader(lines, { path, escape: escapeCharacter, start });
  const instructions: Instruction[] = [];
  for (let line = reader.nextInstruction(); line !== null; line = reader.nextInstruction()) {
    const heredocs = readHeredocs(reader, line, path);
    const last = lines[reader.line - 1] ?? '';
    const range: SourceRange =
      heredocs.length === 0
        ? line.range
        : { ...line.range, endLine: reader.line, endColumn: last.replace(/\r+$/, '').length };
    const place = { path, range: fixedRange ?? range };
    instructions.push(parseInstruction(line, heredocs, { escape: escapeCharacter, place }));
  }
  return instructions;
}

function readHeredocs(reader: LineReader, line: LogicalLine, path: string): Heredoc[] {
  if (!takesHeredocs(line.text)) return [];
  return findHeredocs(line.text).map((opening) => {
    const content = reader.readUntil((text) => closesHeredoc(opening, text));
    if (content !== null) return makeHeredoc(opening, content);
    const hint = `Add a line that is exactly ${opening.name}, without blanks around it.`;
    throw sourceError({ path, range: line.range }, `The heredoc "${opening.name}" is not closed.`, hint);
  });
}

function splitStages(
  instructions: readonly Instruction[],
  path: string,
): { stages: Stage[]; globalArgs: ArgInstruction[] } {
  const stages: (Stage & { instructions: Instruction[] })[] = [];
  const globalArgs: ArgInstruction[] = [];
  for (const instruction of instructions) {
    const stage = stages.at(-1);
    if (instruction.keyword === 'FROM') {
      stages.push({ index: stages.length, name: instruction.stageName, from: instruction, instructions: [] });
    } else if (stage !== undefined) stage.instructions.push(instruction);
    else if (instruction.keyword === 'ARG') globalArgs.push(instruction);
    else {
      const place = { path, range: instruction.range };
      const hint = 'Write FROM with the base image above it (FROM scratch for none).';
      throw sourceError(place, `${instruction.keyword} stands before the first FROM.`, hint);
    }
  }
  if (stages.length > 0) return { stages, globalArgs };
  const place = { path, range: instructions.at(-1)?.range ?? FIRST_LINE };
  throw sourceError(place, `${path} has no FROM.`, 'Add FROM and the image to build on.');
}
