import { AppError } from '#shared/errors/app-error.ts';

/** A matcher of whole paths: `*` and `?` stop at a `/`. */
export type PathMatch = (path: string) => boolean;

/** Compiles a wildcard of COPY or ADD as Go's `filepath.Match` reads it. Throws `invalid-input` for broken patterns. */
export function compileGoMatch(pattern: string): PathMatch {
  const expression = new RegExp(`^${goMatchSource(pattern)}$`, 'u');
  return (path) => expression.test(path);
}

/** Whether a COPY source is a wildcard; an escaped `\*` is none. */
export function hasWildcards(path: string): boolean {
  return /[*?[]/.test(path.replace(/\\./gsu, ''));
}

/**
 * The folder above the first component with a wildcard: where a search has to begin. Its backslashes are part of its
 * name, as BuildKit has it.
 */
export function wildcardBase(path: string): string {
  const parts = path.split('/');
  const first = parts.findIndex(hasWildcards);
  return (first < 0 ? parts : parts.slice(0, first)).join('/');
}

/** A path without the escapes of a pattern: `a\*b` is `a*b`. */
export function unescapePath(path: string): string {
  return path.replace(/\\(.)/gsu, '$1');
}

/** The regular expression of a pattern, unanchored, for the `u` flag. Throws `invalid-input`. */
export function goMatchSource(pattern: string): string {
  const characters = [...pattern];
  let source = '';
  let at = 0;
  while (at < characters.length) {
    const character = characters[at] ?? '';
    at += 1;
    if (character === '*') source += '[^/]*';
    else if (character === '?') source += '[^/]';
    else if (character === '[') {
      const group = readClass(characters, at, pattern);
      source += group.source;
      at = group.end;
    } else if (character === '\\') {
      const next = characters[at];
      if (next === undefined) throw broken(pattern, 'it ends with a backslash');
      source += quote(next);
      at += 1;
    } else source += quote(character);
  }
  return source;
}

/** Reads `[…]` from behind the bracket: ranges of characters, `^` first negates, `\` escapes. */
function readClass(
  characters: readonly string[],
  start: number,
  pattern: string,
): { source: string; end: number } {
  let at = start;
  let source = '[';
  if (characters[at] === '^') {
    source += '^';
    at += 1;
  }
  for (let count = 0; ; count += 1) {
    if (characters[at] === ']' && count > 0) return { source: `${source}]`, end: at + 1 };
    const low = readClassCharacter(characters, at, pattern);
    at = low.end;
    if (characters[at] !== '-') {
      source += quoteInClass(low.character);
      continue;
    }
    const high = readClassCharacter(characters, at + 1, pattern);
    at = high.end;
    // A range that runs backwards matches nothing; the expression would not compile.
    const isForward = (low.character.codePointAt(0) ?? 0) <= (high.character.codePointAt(0) ?? 0);
    if (isForward) source += `${quoteInClass(low.character)}-${quoteInClass(high.character)}`;
  }
}

function readClassCharacter(
  characters: readonly string[],
  at: number,
  pattern: string,
): { character: string; end: number } {
  const first = characters[at];
  const character = first === '\\' ? characters[at + 1] : first;
  const isBare = first !== '\\';
  if (character === undefined) throw broken(pattern, 'its [ is not closed');
  if (isBare && (character === '-' || character === ']'))
    throw broken(pattern, 'its [ ] are empty or malformed');
  return { character, end: at + (isBare ? 1 : 2) };
}

function quote(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character;
}

function quoteInClass(character: string): string {
  return /[\\\]^-]/.test(character) ? `\\${character}` : character;
}

function broken(pattern: string, why: string): AppError {
  return new AppError('invalid-input', `"${pattern}" is not a pattern: ${why}.`, {
    hint: 'Put a backslash before a character that stands for itself, such as \\[.',
  });
}
