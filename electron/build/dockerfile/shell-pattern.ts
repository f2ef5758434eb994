import { AppError } from '#shared/errors/app-error.ts';

/** How `*` matches: as much or as little as it can. */
export type Greed = 'longest' | 'shortest';

/**
 * The regular expression of a pattern inside `${name#pattern}` and its relatives: `*` and `?` are wild, `\*`, `\?`
 * and `\\` literal, brackets mean themselves. Throws `dockerfile-invalid` for any other escape.
 */
export function patternSource(pattern: string, greed: Greed): string {
  const any = greed === 'longest' ? '[^\\n]*' : '[^\\n]*?';
  const characters = [...pattern];
  let source = '';
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    if (character === '*') source += any;
    else if (character === '?') source += '[^\\n]';
    else if (character === '\\') {
      const next = characters[at + 1];
      // `}` and `/` are escaped for the braces around the pattern, not for the pattern itself.
      if (next === '}' || next === '/') continue;
      if (next !== '*' && next !== '?' && next !== '\\') throw invalidEscape(pattern, next ?? '');
      source += `\\${next}`;
      at += 1;
    } else source += escapeRegExp(character);
  }
  return source;
}

/** `value` without the prefix that matches. */
export function trimPrefix(value: string, pattern: string, greed: Greed): string {
  const match = new RegExp(`^${patternSource(pattern, greed)}`, 'u').exec(value);
  return match === null ? value : value.slice(match[0].length);
}

/** `value` without the suffix that matches: both are turned round, so that the shortest suffix can be found. */
export function trimSuffix(value: string, pattern: string, greed: Greed): string {
  const match = new RegExp(`^${reversedSource(pattern, greed)}`, 'u').exec([...value].reverse().join(''));
  return match === null ? value : value.slice(0, value.length - match[0].length);
}

/** `value` with the first or every match of the pattern replaced; the replacement is taken literally. */
export function replacePattern(value: string, pattern: string, replacement: string, all: boolean): string {
  const expression = new RegExp(patternSource(pattern, 'longest'), all ? 'gu' : 'u');
  return value.replace(expression, () => replacement);
}

function reversedSource(pattern: string, greed: Greed): string {
  const characters = [...pattern];
  const units: string[] = [];
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    if (character === '\\' && at + 1 < characters.length) {
      units.push(character + (characters[at + 1] ?? ''));
      at += 1;
    } else units.push(character);
  }
  return patternSource(units.reverse().join(''), greed);
}

function escapeRegExp(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character;
}

function invalidEscape(pattern: string, next: string): AppError {
  return new AppError(
    'dockerfile-invalid',
    `The pattern "${pattern}" has the escape "\\${next}", which means nothing.`,
    {
      hint: 'In a pattern only \\*, \\?, \\\\, \\/ and \\} are escapes.',
    },
  );
}
