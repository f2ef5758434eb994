import type { EnvInstruction, KeyValueWord, LabelInstruction } from '../ast.ts';
import { cutWord, splitQuoted } from '../words.ts';
import { type InstructionRequest, invalid, refuseFlags } from './request.ts';

/** `ENV KEY=VALUE ...`, or the old `ENV KEY VALUE`. */
export function parseEnv(request: InstructionRequest): EnvInstruction {
  return { keyword: 'ENV', ...request.base, ...readPairs(request) };
}

/** `LABEL KEY=VALUE ...`, or the old `LABEL KEY VALUE`. */
export function parseLabel(request: InstructionRequest): LabelInstruction {
  return { keyword: 'LABEL', ...request.base, ...readPairs(request) };
}

function readPairs(request: InstructionRequest): { pairs: readonly KeyValueWord[]; legacy: boolean } {
  refuseFlags(request);
  const { keyword, rest } = request;
  const words = splitQuoted(rest, request.escape);
  const [first] = words;
  if (first === undefined)
    throw invalid(request, `${keyword} has nothing to set.`, `Write ${keyword} NAME=value.`);
  if (!first.includes('=')) {
    const { word, rest: value } = cutWord(rest);
    if (word === rest) {
      throw invalid(request, `${keyword} ${word} has no value.`, `Write ${keyword} ${word}=value.`);
    }
    return { pairs: [{ key: word, value }], legacy: true };
  }
  const pairs = words.map((word) => {
    const equals = word.indexOf('=');
    if (equals < 0) {
      const hint = `Every part is NAME=value; a value with blanks needs quotes: ${keyword} NAME="a b".`;
      throw invalid(request, `${keyword} has "${word}" without a "=".`, hint);
    }
    if (equals === 0) throw invalid(request, `${keyword} has no name before "${word}".`, 'Write NAME=value.');
    return { key: word.slice(0, equals), value: word.slice(equals + 1) };
  });
  return { pairs, legacy: false };
}
