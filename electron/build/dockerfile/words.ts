/** The characters that Go's `unicode.IsSpace` accepts. */
const SPACES = '\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const SPACE = new RegExp(`[${SPACES}]`);
const LEADING_SPACE = new RegExp(`^[${SPACES}]+`);
const TRAILING_SPACE = new RegExp(`[${SPACES}]+$`);
/** Blanks between the keyword and its arguments, and between the words of FROM, EXPOSE, COPY. */
const BLANKS = /[\t\v\f\r ]+/;

/** Whether one character is white space in Go's sense. */
export function isSpace(character: string): boolean {
  return SPACE.test(character);
}

/** `text` without leading white space in Go's sense (a byte order mark is not white space there). */
export function trimLeft(text: string): string {
  return text.replace(LEADING_SPACE, '');
}

/** `text` without white space at both ends, in Go's sense. */
export function trimSpace(text: string): string {
  return trimLeft(text).replace(TRAILING_SPACE, '');
}

/** The first word and all that follows the blanks after it. */
export function cutWord(text: string): { readonly word: string; readonly rest: string } {
  const match = BLANKS.exec(text);
  if (match === null) return { word: text, rest: '' };
  return { word: text.slice(0, match.index), rest: text.slice(match.index + match[0].length) };
}

/** Words separated by blanks; quotes have no meaning here. */
export function splitBlanks(text: string): string[] {
  return text === '' ? [] : text.split(BLANKS);
}

/**
 * The words of ENV, LABEL and ARG: separated by white space, but not inside quotes or after an escape. Quotes and
 * escapes stay in the words; expansion strips them later.
 */
export function splitQuoted(text: string, escapeCharacter: string): string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  const finish = (): void => {
    if (word !== '') words.push(word);
    word = '';
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quote === '' && isSpace(character)) {
      finish();
      continue;
    }
    if (character === escapeCharacter && quote !== "'") {
      if (at + 1 === text.length) break;
      at += 1;
      word += character + text.charAt(at);
      continue;
    }
    if (quote === '') {
      if (character === '"' || character === "'") quote = character;
    } else if (character === quote) quote = '';
    word += character;
  }
  finish();
  return words;
}

/** What a text that may be a JSON array of strings turned out to be. */
export type JsonArray =
  | { readonly kind: 'array'; readonly items: readonly string[] }
  | { readonly kind: 'not-strings' }
  | { readonly kind: 'other' };

/** Reads the exec form. Broken JSON is `other`: the text is then taken as a shell command, as everywhere. */
export function readJsonArray(text: string): JsonArray {
  const trimmed = trimLeft(text);
  if (!trimmed.startsWith('[')) return { kind: 'other' };
  let value: unknown;
  try {
    value = JSON.parse(trimmed);
  } catch {
    return { kind: 'other' };
  }
  if (!Array.isArray(value)) return { kind: 'other' };
  const items: string[] = [];
  for (const item of value) {
    if (typeof item !== 'string') return { kind: 'not-strings' };
    items.push(item.replace(/\p{Surrogate}/gu, '\ufffd'));
  }
  return { kind: 'array', items };
}
