import { AppError } from '#shared/errors/app-error.ts';
import { goMatchSource } from './go-match.ts';

/** One cleaned line of an ignore file, without its `!`. */
export interface IgnorePattern {
  readonly text: string;
  /** Written with `!`: what it matches is taken in again. */
  readonly negated: boolean;
}

/** A pattern ready to use. */
export interface CompiledPattern extends IgnorePattern {
  /** Whether the pattern matches exactly this path (parents are the matcher's affair). */
  readonly test: (path: string) => boolean;
  /** How many components a path must have to match; 0 when any number may do. */
  readonly depth: number;
}

/**
 * Compiles a pattern to what moby's patternmatcher makes of it, its oddities included: a pattern without wildcards is
 * compared as text, `**` at one end alone is a prefix or suffix, all else becomes a regular expression in which only
 * `.+()|{}$` are quoted. Throws `invalid-input`.
 */
export function compilePattern(pattern: IgnorePattern): CompiledPattern {
  // Only for its refusal of broken brackets and escapes.
  goMatchSource(pattern.text);
  const { text } = pattern;
  const { kind, source } = translate(text);
  if (kind === 'exact') return { ...pattern, depth: countParts(text), test: (path) => path === text };
  if (kind === 'prefix') {
    const prefix = text.slice(0, -2);
    return { ...pattern, depth: 0, test: (path) => path.startsWith(prefix) };
  }
  if (kind === 'suffix') {
    const suffix = text.slice(2);
    const whole = suffix.startsWith('/') ? suffix.slice(1) : null;
    return { ...pattern, depth: 0, test: (path) => path.endsWith(suffix) || path === whole };
  }
  const expression = toRegExp(source, text);
  const isFixed = !/\*\*|[[\]\\]/.test(text);
  const fast = isFixed ? null : anyDepthExtension(text);
  const test = (path: string): boolean => expression.test(path);
  return {
    ...pattern,
    depth: isFixed ? countParts(text) : 0,
    // A line feed in a name is what `.*` of the expression does not match.
    test: fast === null ? test : (path) => path.endsWith(fast) && (!path.includes('\n') || test(path)),
  };
}

type Kind = 'exact' | 'prefix' | 'suffix' | 'expression';

/** Go's reading of the pattern, character by character; the kind follows the same steps as the original. */
function translate(text: string): { kind: Kind; source: string } {
  const characters = [...text];
  let kind: Kind = 'exact';
  let source = '^';
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    if (character === '*' && characters[at + 1] === '*') {
      const isFirst = at === 0;
      at += characters[at + 2] === '/' ? 2 : 1;
      const isLast = at + 1 >= characters.length;
      if (!isLast) source += '([^\\n]*/)?';
      else if (kind !== 'exact') source += '[^\\n]*';
      kind = isFirst ? 'suffix' : isLast && kind === 'exact' ? 'prefix' : 'expression';
    } else if (character === '*' || character === '?') {
      source += character === '*' ? '[^/]*' : '[^/]';
      kind = 'expression';
    } else if (character === '\\' && at + 1 < characters.length) {
      at += 1;
      source += translateEscape(characters[at] ?? '', text);
      kind = 'expression';
    } else if (character === '[' || character === ']') {
      source += character;
      kind = 'expression';
    } else source += '.+()|{}$'.includes(character) ? `\\${character}` : character;
  }
  return { kind, source: `${source}$` };
}

/** What a backslash and a letter mean in Go's regular expressions, written for ours. */
const GO_ESCAPES: Readonly<Record<string, string>> = {
  ...{ d: '[0-9]', D: '[^0-9]', w: '\\w', W: '\\W', s: '[\\t\\n\\f\\r ]', S: '[^\\t\\n\\f\\r ]' },
  ...{ b: '\\b', B: '\\B', A: '^', z: '$' },
  ...{ a: '\\x07', f: '\\f', t: '\\t', n: '\\n', r: '\\r', v: '\\v' },
};

function translateEscape(character: string, text: string): string {
  const known = GO_ESCAPES[character];
  if (known !== undefined) return known;
  if (!/^[\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e ]$/.test(character)) throw brokenPattern(text);
  return /[_ "#%&',:;<=>@`~!]/.test(character) ? character : `\\${character}`;
}

function toRegExp(source: string, text: string): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch {
    // Stray brackets are legal in Go, and here without the `u` flag.
  }
  try {
    return new RegExp(source);
  } catch {
    throw brokenPattern(text);
  }
}

function brokenPattern(text: string): AppError {
  return new AppError('invalid-input', `"${text}" is not an ignore pattern.`, {
    hint: 'Check its brackets and backslashes.',
  });
}

/** For `**` + `/*.log` the `.log`, else null. */
function anyDepthExtension(text: string): string | null {
  return /^\*\*\/\*([^*?[\]\\/^]+)$/.exec(text)?.[1] ?? null;
}

function countParts(text: string): number {
  return text.split('/').length;
}
