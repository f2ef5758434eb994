/**
 * The words of a line, split at blanks; within single or double quotes blanks are part of a word, and a backslash is
 * always itself. Null where a quote has no end.
 */
export function splitQuotedWords(line: string): string[] | null {
  const words: string[] = [];
  const pieces = /(\s+)|"([^"]*)"|'([^']*)'|([^\s"']+)|(["'])/gy;
  let word: string | null = null;
  for (const [, blank, double, single, plain, open] of line.matchAll(pieces)) {
    if (open !== undefined) return null;
    if (blank === undefined) word = (word ?? '') + (double ?? single ?? plain ?? '');
    else {
      if (word !== null) words.push(word);
      word = null;
    }
  }
  return word === null ? words : [...words, word];
}

/** The line that {@link splitQuotedWords} splits into these words; only those that need quotes get them. */
export function joinQuotedWords(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}

function quoteWord(word: string): string {
  if (word !== '' && !/[\s"']/.test(word)) return word;
  return word
    .split('"')
    .map((part) => (part === '' ? '' : `"${part}"`))
    .join(`'"'`)
    .replace(/^$/, '""');
}
