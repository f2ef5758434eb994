import { type SourcePlace, sourceError } from './source-error.ts';
import { suggestionHint } from './suggest.ts';
import { isSpace } from './words.ts';

/** Whether a flag is a switch (`--link`, `--link=false`), has one value, or may be repeated. */
export type FlagKind = 'boolean' | 'text' | 'list';

/** The values of flags, typed by their kinds; undefined where the flag is absent. */
export type FlagValues<S extends Readonly<Record<string, FlagKind>>> = {
  readonly [K in keyof S]: S[K] extends 'boolean'
    ? boolean | undefined
    : S[K] extends 'text'
      ? string | undefined
      : readonly string[];
};

/** Cuts the leading `--name[=value]` words off the arguments; quotes and backslashes in them are processed. */
export function cutFlags(text: string): { readonly flags: readonly string[]; readonly rest: string } {
  const flags: string[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && isSpace(text.charAt(at))) at += 1;
    if (!text.startsWith('--', at)) return { flags, rest: text.slice(at) };
    const { word, end } = readFlagWord(text, at);
    at = end;
    if (word === '--') return { flags, rest: text.slice(at) };
    flags.push(word);
  }
}

function readFlagWord(text: string, start: number): { word: string; end: number } {
  let word = '';
  let quote = '';
  let at = start;
  for (; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quote === '' && isSpace(character)) break;
    if (character === quote) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === '\\') {
      at += 1;
      word += text.charAt(at);
    } else word += character;
  }
  return { word, end: Math.min(at, text.length) };
}

/** Reads flags against what the instruction knows. Throws `dockerfile-invalid`. */
export function readFlags<const S extends Readonly<Record<string, FlagKind>>>(
  keyword: string,
  words: readonly string[],
  kinds: S,
  place: SourcePlace,
): FlagValues<S> {
  const values = new Map<string, boolean | string | string[]>();
  for (const [name, kind] of Object.entries(kinds)) if (kind === 'list') values.set(name, []);
  for (const word of words) {
    const { name, value } = splitFlag(word);
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) throw unknownFlag(keyword, name, Object.keys(kinds), place);
    const before = values.get(name);
    if (kind === 'list' && Array.isArray(before)) before.push(requireValue(keyword, name, value, place));
    else if (before !== undefined) {
      throw sourceError(place, `${keyword} has the flag --${name} twice.`, 'Keep one of them.');
    } else if (kind === 'boolean') values.set(name, readBoolean(keyword, name, value, place));
    else values.set(name, requireValue(keyword, name, value, place));
  }
  return Object.fromEntries(Object.keys(kinds).map((name) => [name, values.get(name)])) as FlagValues<S>;
}

function splitFlag(word: string): { name: string; value: string | undefined } {
  const equals = word.indexOf('=');
  if (equals < 0) return { name: word.slice(2), value: undefined };
  return { name: word.slice(2, equals), value: word.slice(equals + 1) };
}

function unknownFlag(keyword: string, name: string, known: readonly string[], place: SourcePlace): Error {
  const hint =
    known.length === 0
      ? `${keyword} has no flags.`
      : `${keyword} knows ${known.map((flag) => `--${flag}`).join(', ')}.`;
  const names = known.map((flag) => `--${flag}`);
  return sourceError(place, `${keyword} has no flag --${name}.`, suggestionHint(`--${name}`, names, hint));
}

function requireValue(keyword: string, name: string, value: string | undefined, place: SourcePlace): string {
  if (value !== undefined && value !== '') return value;
  throw sourceError(place, `The flag --${name} of ${keyword} has no value.`, `Write --${name}=VALUE.`);
}

function readBoolean(keyword: string, name: string, value: string | undefined, place: SourcePlace): boolean {
  if (value === undefined) return true;
  const lower = value.toLowerCase();
  if (lower === 'true' || lower === 'false') return lower === 'true';
  const hint = `Write --${name} or --${name}=true, or --${name}=false.`;
  throw sourceError(place, `The flag --${name} of ${keyword} is "${value}", neither true nor false.`, hint);
}
