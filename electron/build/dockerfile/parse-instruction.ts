import { type Heredoc, INSTRUCTION_KEYWORDS, type Instruction, type InstructionKeyword } from './ast.ts';
import { cutFlags } from './flags.ts';
import { withHeredocs } from './heredoc.ts';
import { parseCmd, parseEntrypoint, parseRun, parseShell } from './instructions/commands.ts';
import { parseAdd, parseCopy } from './instructions/copy-and-add.ts';
import { parseArg, parseFrom } from './instructions/from-and-arg.ts';
import { parseHealthcheck } from './instructions/healthcheck.ts';
import { parseEnv, parseLabel } from './instructions/key-values.ts';
import { type InstructionRequest, invalid } from './instructions/request.ts';
import {
  parseExpose,
  parseMaintainer,
  parseStopsignal,
  parseUser,
  parseVolume,
  parseWorkdir,
} from './instructions/single-value.ts';
import type { LogicalLine } from './lexer.ts';
import { type SourcePlace, sourceError } from './source-error.ts';
import { suggestionHint } from './suggest.ts';
import { cutWord, readJsonArray, trimSpace } from './words.ts';

const PARSERS: { readonly [K in InstructionKeyword]: (request: InstructionRequest) => Instruction } = {
  FROM: parseFrom,
  ARG: parseArg,
  ENV: parseEnv,
  LABEL: parseLabel,
  RUN: parseRun,
  CMD: parseCmd,
  ENTRYPOINT: parseEntrypoint,
  SHELL: parseShell,
  COPY: parseCopy,
  ADD: parseAdd,
  EXPOSE: parseExpose,
  VOLUME: parseVolume,
  USER: parseUser,
  WORKDIR: parseWorkdir,
  STOPSIGNAL: parseStopsignal,
  MAINTAINER: parseMaintainer,
  HEALTHCHECK: parseHealthcheck,
  ONBUILD: parseOnbuild,
};
const NEVER_A_TRIGGER = new Set<InstructionKeyword>(['FROM', 'MAINTAINER', 'ONBUILD']);

/** Makes the typed instruction of one logical line. Throws `dockerfile-invalid`. */
export function parseInstruction(
  line: LogicalLine,
  heredocs: readonly Heredoc[],
  options: { readonly escape: string; readonly place: SourcePlace },
): Instruction {
  const { word, rest } = cutWord(trimSpace(line.text));
  const keyword = readKeyword(word, options.place);
  const { flags, rest: args } = cutFlags(rest);
  return PARSERS[keyword]({
    keyword,
    base: {
      keywordText: word,
      range: options.place.range,
      source: [keyword, trimSpace(line.display.slice(word.length))].filter(Boolean).join(' '),
      original: trimSpace(line.text),
      comments: line.comments,
      emptyLines: line.emptyLines,
    },
    flagWords: flags,
    rest: trimSpace(args),
    heredocs,
    ...options,
  });
}

/** Whether heredocs may follow this line: RUN, COPY, ADD (also behind ONBUILD), not in JSON form. */
export function takesHeredocs(text: string): boolean {
  const { word, rest } = cutWord(trimSpace(text));
  const keyword = word.toUpperCase();
  const args = trimSpace(cutFlags(rest).rest);
  if (keyword === 'ONBUILD') return takesHeredocs(args);
  return ['RUN', 'COPY', 'ADD'].includes(keyword) && readJsonArray(args).kind !== 'array';
}

function readKeyword(word: string, place: SourcePlace): InstructionKeyword {
  const upper = word.toUpperCase();
  const keyword = INSTRUCTION_KEYWORDS.find((known) => known === upper);
  if (keyword !== undefined) return keyword;
  const fallback =
    'A line begins with an instruction such as FROM, RUN or COPY; a long one goes on after a "\\".';
  const hint = suggestionHint(upper, INSTRUCTION_KEYWORDS, fallback);
  throw sourceError(place, `"${word}" is not an instruction.`, hint);
}

function parseOnbuild(request: InstructionRequest): Instruction {
  if (request.flagWords.length > 0 || request.rest === '') {
    throw invalid(
      request,
      'ONBUILD has no instruction.',
      'Write ONBUILD and an instruction, such as ONBUILD COPY . /app/.',
    );
  }
  const { base, rest, heredocs } = request;
  const line: LogicalLine = { ...base, text: rest, display: base.source.replace(/^ONBUILD /, '') };
  const instruction = parseInstruction(line, heredocs, { escape: request.escape, place: request.place });
  if (NEVER_A_TRIGGER.has(instruction.keyword)) {
    const hint = `Write ${instruction.keyword} in the Dockerfile that builds on this image.`;
    throw invalid(request, `${instruction.keyword} cannot stand behind ONBUILD.`, hint);
  }
  return { keyword: 'ONBUILD', ...base, trigger: withHeredocs(rest, heredocs), instruction };
}
