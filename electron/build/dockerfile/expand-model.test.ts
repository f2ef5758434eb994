// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the variables of Dockerfiles.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expand, expandWord } from './expand.ts';

const VALUES: Readonly<Record<string, string>> = { x: 'ex', e: '', p: '/a/b.c.d', blank: 'a  b', q: `"'$` };
const lookup = (name: string): string | undefined => VALUES[name];

/** A piece of a word: how it is written, and what it must come to. */
interface Piece {
  readonly text: string;
  readonly value: string;
  /** Whether a letter that followed would be read as part of its name. */
  readonly isOpen?: boolean;
}

const joined = (pieces: readonly Piece[]): Piece => {
  let text = '';
  for (const [at, piece] of pieces.entries()) {
    const next = pieces[at + 1]?.text ?? '';
    text += piece.isOpen === true && /^[\p{L}\p{Nd}_]/u.test(next) ? `${piece.text}''` : piece.text;
  }
  return { text, value: pieces.map(({ value }) => value).join(''), isOpen: pieces.at(-1)?.isOpen ?? false };
};

const name = fc.constantFrom('x', 'e', 'p', 'blank', 'q', 'unset', 'U_1');
const letters = fc
  .stringMatching(/^[a-z0-9 ._,:=äß😀#%?+-]{1,6}$/u)
  .map((text): Piece => ({ text, value: text }));
const escaped = fc
  .constantFrom('$', '"', "'", '\\', '}', '{', 'n', ' ')
  .map((character): Piece => ({ text: `\\${character}`, value: character }));
const single = fc
  .stringMatching(/^[a-z"$\\{} ]{0,6}$/)
  .map((text): Piece => ({ text: `'${text}'`, value: text }));
const plain = fc
  .constantFrom(...Object.keys(VALUES), 'unset')
  .map((variable): Piece => ({ text: `$${variable}`, value: lookup(variable) ?? '', isOpen: true }));

/** What each form of substitution means, in the words of the reference. */
function substituted(variable: string, form: string, word: Piece): Piece {
  const value = lookup(variable);
  const isThere = form.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
  const isAlternative = form.endsWith('+');
  const chosen = isAlternative ? (isThere ? word.value : '') : isThere ? (value ?? '') : word.value;
  return { text: `\${${variable}${form}${word.text}}`, value: chosen };
}

const { word } = fc.letrec<{ word: Piece; piece: Piece; quoted: Piece; braced: Piece }>((tie) => ({
  word: fc.array(tie('piece'), { maxLength: 4 }).map(joined),
  piece: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    letters,
    plain,
    escaped,
    single,
    tie('braced'),
    tie('quoted'),
  ),
  braced: fc.oneof(
    name.map((variable): Piece => ({ text: `\${${variable}}`, value: lookup(variable) ?? '' })),
    fc
      .tuple(name, fc.constantFrom(':-', '-', ':+', '+'), tie('word'))
      .map(([variable, form, inner]) => substituted(variable, form, inner)),
  ),
  quoted: fc
    .array(
      fc.oneof(
        { maxDepth: 5 },
        letters,
        plain,
        tie('braced'),
        fc
          .constantFrom('$', '"', '\\')
          .map((character): Piece => ({ text: `\\${character}`, value: character })),
        // A backslash before anything else, and a single quote, stand for themselves in here.
        fc.constantFrom('\\n', "'", '\\ ').map((text): Piece => ({ text, value: text })),
      ),
      { maxLength: 3 },
    )
    .map((pieces): Piece => {
      let text = '';
      for (const [at, piece] of pieces.entries()) {
        const next = pieces[at + 1]?.text ?? '';
        text += piece.isOpen === true && /^[\p{L}\p{Nd}_]/u.test(next) ? `${piece.text}\${e}` : piece.text;
      }
      return { text: `"${text}"`, value: pieces.map(({ value }) => value).join('') };
    }),
}));

/** Whether the whole text matches, by trying everything: `*`, `?` and letters. */
function globs(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  const rest = pattern.slice(1);
  if (pattern[0] === '*') {
    for (let taken = 0; taken <= text.length; taken += 1) if (globs(rest, text.slice(taken))) return true;
    return false;
  }
  return text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && globs(rest, text.slice(1));
}

function trimmed(operator: string, value: string, pattern: string): string {
  const cuts = Array.from({ length: value.length + 1 }, (_, length) => length);
  const isLongest = operator.length === 2;
  for (const length of isLongest ? cuts.reverse() : cuts) {
    const [start, end] = [value.slice(0, length), value.slice(value.length - length)];
    if (operator[0] === '#' && globs(pattern, start)) return value.slice(length);
    if (operator[0] === '%' && globs(pattern, end)) return value.slice(0, value.length - length);
  }
  return value;
}

/** From the left: at each place the longest match is replaced, and what was replaced is not looked at again. */
function replaced(value: string, pattern: string, by: string, all: boolean): string {
  let result = '';
  for (let at = 0; at < value.length; ) {
    let length = value.length - at;
    while (length > 0 && !globs(pattern, value.slice(at, at + length))) length -= 1;
    if (length === 0) {
      result += value[at];
      at += 1;
      continue;
    }
    result += by;
    at += length;
    if (!all) return result + value.slice(at);
  }
  return result;
}

const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '-'), maxLength: 8 });
const pattern = fc
  .array(fc.constantFrom('a', 'b', '.', '-', '*', '?'), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(''));

describe('the expander beside a model of what is written', () => {
  it('comes to the value of any nested word', () => {
    let nested = 0;
    fc.assert(
      fc.property(word, (piece) => {
        nested += /\{[^}]*\{[^}]*\{/.test(piece.text) ? 1 : 0;
        expect(expandWord(piece.text, lookup)).toBe(piece.value);
      }),
      { numRuns: 5000 },
    );
    expect(nested).toBeGreaterThan(100);
  });

  it('comes to the same with another escape character', () => {
    fc.assert(
      fc.property(word, (piece) => {
        fc.pre(!piece.text.includes('`'));
        const swapped = piece.text.replaceAll('\\', '`');
        expect(expandWord(swapped, lookup, { escape: '`' })).toBe(
          expand(swapped, lookup, { escape: '`' }).text,
        );
        // Quoted text keeps what is written there, so only words without a literal backslash are compared.
        fc.pre(!piece.value.includes('\\'));
        expect(expandWord(swapped, lookup, { escape: '`' })).toBe(piece.value);
      }),
      { numRuns: 2000 },
    );
  });

  it('asks for no variable that the text does not name', () => {
    fc.assert(
      fc.property(word, (piece) => {
        const { used, unset } = expand(piece.text, lookup);
        for (const variable of used) expect(lookup(variable)).toBeDefined();
        for (const variable of unset) expect(lookup(variable)).toBeUndefined();
        for (const variable of [...used, ...unset]) expect(piece.text).toContain(variable);
      }),
    );
  });

  it.each(['#', '##', '%', '%%'])(
    'takes off by %s what a search through all prefixes and suffixes takes off',
    (operator) => {
      let cuts = 0;
      fc.assert(
        fc.property(text, pattern, (value, glob) => {
          // A pattern that begins with the operator would read as the longer operator.
          const expected = trimmed(operator, value, glob);
          cuts += expected === value ? 0 : 1;
          expect(expandWord(`\${v${operator}${glob}}`, () => value)).toBe(expected);
        }),
        { numRuns: 2000 },
      );
      expect(cuts).toBeGreaterThan(100);
    },
  );

  it.each(['/', '//'])('replaces by %s what a search from the left replaces', (operator) => {
    let changes = 0;
    fc.assert(
      fc.property(text, pattern, fc.constantFrom('', 'x', 'aa', '$&', '$1'), (value, glob, by) => {
        // A pattern of stars alone also matches nothing, which is another question.
        fc.pre(/[^*]/.test(glob));
        const expected = replaced(value, glob, by.replaceAll('$', ''), operator === '//');
        changes += expected === value ? 0 : 1;
        const written = by.replaceAll('$', '');
        expect(expandWord(`\${v${operator}${glob}/${written}}`, () => value)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
    expect(changes).toBeGreaterThan(100);
  });
});
