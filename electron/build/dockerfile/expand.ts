import { AppError, type ErrorDetail } from '#shared/errors/app-error.ts';
import { replacePattern, trimPrefix, trimSuffix } from './shell-pattern.ts';
import type { SourcePlace } from './source-error.ts';
import { WordSplitter } from './word-splitter.ts';

/** The value of a variable, undefined when it is not set. */
export type VariableLookup = (name: string) => string | undefined;

export interface ExpandOptions {
  /** The escape character of the Dockerfile. Default `\`. */
  readonly escape?: string | undefined;
  /** Leave quotes as they are, as in the body of a COPY heredoc. */
  readonly literalQuotes?: boolean | undefined;
  /** Keep the quotes that were processed. */
  readonly keepQuotes?: boolean | undefined;
  /** Keep the escape characters that were processed. */
  readonly keepEscapes?: boolean | undefined;
  /** Leave references to unset variables as they are. */
  readonly keepUnset?: boolean | undefined;
  /** Where the word stands, for errors. */
  readonly place?: SourcePlace | undefined;
}

/** The result of an expansion with what it asked for. */
export interface Expansion {
  readonly text: string;
  /** `text` split at blanks that are neither quoted nor escaped. */
  readonly words: readonly string[];
  /** Names that had a value. */
  readonly used: ReadonlySet<string>;
  /** Names that had none, whatever the form. */
  readonly unset: ReadonlySet<string>;
}

/** Expands one word: variables in all their forms, quotes and escapes. Throws `dockerfile-invalid`. */
export function expandWord(word: string, lookup: VariableLookup, options: ExpandOptions = {}): string {
  return expand(word, lookup, options).text;
}

/** As {@link expandWord}, then splits at the blanks that are neither quoted nor escaped (EXPOSE). */
export function expandWords(
  word: string,
  lookup: VariableLookup,
  options: ExpandOptions = {},
): readonly string[] {
  return expand(word, lookup, options).words;
}

/** Expands and tells which names were asked for: for cache keys and the check of undefined variables. */
export function expand(word: string, lookup: VariableLookup, options: ExpandOptions = {}): Expansion {
  return new Expander(word, lookup, options).run();
}

/** Deeper nesting than this of `${a:-${b:-…}}` is refused. */
const MAX_DEPTH = 100;
const SPECIAL_PARAMETERS = new Set(['@', '*', '#', '?', '-', '$', '!']);

class Expander {
  readonly #characters: readonly string[];
  readonly #word: string;
  readonly #lookup: VariableLookup;
  readonly #options: ExpandOptions;
  readonly #escape: string;
  readonly #used = new Set<string>();
  readonly #unset = new Set<string>();
  #keepEscapes: boolean;
  #at = 0;
  #depth = 0;

  constructor(word: string, lookup: VariableLookup, options: ExpandOptions) {
    this.#word = word;
    this.#characters = [...word];
    this.#lookup = lookup;
    this.#options = options;
    this.#escape = options.escape ?? '\\';
    this.#keepEscapes = options.keepEscapes ?? false;
  }

  run(): Expansion {
    const words = new WordSplitter();
    const text = this.#readUntil(null, this.#keepEscapes, words);
    return {
      text,
      words: words.finish(),
      used: this.#used,
      unset: this.#unset,
    };
  }

  /** Reads up to `stop` (consumed) or, when it is null, to the end. */
  #readUntil(stop: string | null, keepEscapes: boolean, words?: WordSplitter): string {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH)
      throw this.#error('is nested too deeply', 'Use ARG or ENV for the steps between.');
    const before = this.#keepEscapes;
    this.#keepEscapes = keepEscapes;
    let text = '';
    for (let character = this.#peek(); character !== undefined; character = this.#peek()) {
      if (character === stop) {
        this.#at += 1;
        this.#keepEscapes = before;
        this.#depth -= 1;
        return text;
      }
      text += this.#readPiece(character, words);
    }
    if (stop !== null) throw this.#missing(stop);
    return text;
  }

  #readPiece(character: string, words: WordSplitter | undefined): string {
    if (character === '$') {
      const value = this.#readDollar();
      words?.addSplit(value);
      return value;
    }
    if ((character === "'" || character === '"') && this.#options.literalQuotes !== true) {
      const value = character === "'" ? this.#readSingleQuoted() : this.#readDoubleQuoted();
      words?.addWhole(value);
      return value;
    }
    this.#at += 1;
    if (character !== this.#escape) {
      words?.addSplit(character);
      return character;
    }
    const kept = this.#keepEscapes ? character : '';
    const escaped = this.#take() ?? '';
    if (kept + escaped !== '') words?.addWhole(kept + escaped);
    return kept + escaped;
  }

  #readSingleQuoted(): string {
    this.#at += 1;
    const end = this.#characters.indexOf("'", this.#at);
    if (end < 0) throw this.#missing("'");
    const inner = this.#characters.slice(this.#at, end).join('');
    this.#at = end + 1;
    return this.#quoted("'", inner);
  }

  #readDoubleQuoted(): string {
    this.#at += 1;
    let inner = '';
    for (let character = this.#peek(); character !== '"'; character = this.#peek()) {
      if (character === undefined) throw this.#missing('"');
      if (character === '$') inner += this.#readDollar();
      else {
        this.#at += 1;
        inner += character === this.#escape ? this.#readQuotedEscape() : character;
      }
    }
    this.#at += 1;
    return this.#quoted('"', inner);
  }

  /** Inside double quotes the escape works only before `"`, `$` and itself, else it stays. */
  #readQuotedEscape(): string {
    const kept = this.#keepEscapes ? this.#escape : '';
    const next = this.#peek();
    if (next === undefined) return kept;
    if (next !== '"' && next !== '$' && next !== this.#escape) return kept + this.#escape;
    this.#at += 1;
    return kept + next;
  }

  #quoted(quote: string, inner: string): string {
    return this.#options.keepQuotes === true ? quote + inner + quote : inner;
  }

  #readDollar(): string {
    this.#at += 1;
    if (this.#peek() !== '{') {
      const name = this.#readName();
      if (name === '') return '$';
      const value = this.#value(name);
      return value ?? (this.#options.keepUnset === true ? `$${name}` : '');
    }
    this.#at += 1;
    const first = this.#peek();
    if (first === undefined) throw this.#missing('}');
    if (first === '{' || first === '}' || first === ':') throw this.#badSubstitution();
    return this.#readBraced(this.#readName());
  }

  #readBraced(name: string): string {
    const operator = this.#take();
    if (operator === undefined) throw this.#missing('}');
    if (operator === '}') {
      const value = this.#value(name);
      return value ?? (this.#options.keepUnset === true ? `\${${name}}` : '');
    }
    if (operator === '/') return this.#replace(name);
    const emptyIsUnset = operator === ':';
    const form = emptyIsUnset ? this.#take() : operator;
    if (form === undefined) throw this.#missing('}');
    if (!'+-?#%'.includes(form)) throw this.#unknownModifier(emptyIsUnset ? `:${form}` : form);
    const isTrim = form === '#' || form === '%';
    const argument = this.#readUntil('}', isTrim);
    const value = this.#value(name);
    if (value === undefined && this.#options.keepUnset === true) {
      return `\${${name}${emptyIsUnset ? ':' : ''}${form}${argument}}`;
    }
    if (isTrim) return this.#trim(form, value ?? '', argument);
    return this.#choose(form, name, value, argument, emptyIsUnset);
  }

  #choose(
    form: string,
    name: string,
    value: string | undefined,
    argument: string,
    emptyIsUnset: boolean,
  ): string {
    const isMissing = value === undefined || (emptyIsUnset && value === '');
    if (form === '-') return isMissing ? argument : value;
    if (form === '+') return isMissing ? '' : argument;
    if (!isMissing) return value;
    const why = argument === '' ? `must not be ${value === undefined ? 'unset' : 'empty'}` : argument;
    throw this.#fail(
      `${name}: ${why}`,
      `Set it with a build argument, ARG or ENV: "${this.#word}" asks for it.`,
    );
  }

  #trim(form: string, value: string, argument: string): string {
    const isLongest = argument.startsWith(form);
    const pattern = isLongest ? argument.slice(1) : argument;
    const greed = isLongest ? 'longest' : 'shortest';
    return this.#placed(() =>
      form === '#' ? trimPrefix(value, pattern, greed) : trimSuffix(value, pattern, greed),
    );
  }

  #replace(name: string): string {
    const all = this.#peek() === '/';
    if (all) this.#at += 1;
    const pattern = this.#readUntil('/', true);
    const replacement = this.#readUntil('}', true);
    const value = this.#value(name);
    if (value === undefined && this.#options.keepUnset === true)
      return `\${${name}/${pattern}/${replacement}}`;
    return this.#placed(() => replacePattern(value ?? '', pattern, replacement, all));
  }

  /** Letters, digits and `_`; or digits alone; or one special parameter. */
  #readName(): string {
    const first = this.#peek() ?? '';
    if (SPECIAL_PARAMETERS.has(first)) {
      this.#at += 1;
      return first;
    }
    const pattern = /\p{Nd}/u.test(first) ? /\p{Nd}/u : /[\p{L}\p{Nd}_]/u;
    let name = '';
    for (
      let character = this.#peek();
      character !== undefined && pattern.test(character);
      character = this.#peek()
    ) {
      name += character;
      this.#at += 1;
    }
    return name;
  }

  #value(name: string): string | undefined {
    const value = this.#lookup(name);
    (value === undefined ? this.#unset : this.#used).add(name);
    return value;
  }

  #peek(): string | undefined {
    return this.#characters[this.#at];
  }

  #take(): string | undefined {
    const character = this.#characters[this.#at];
    if (character !== undefined) this.#at += 1;
    return character;
  }

  #placed<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof AppError) || error.detail !== undefined) throw error;
      throw this.#fail(error.message, error.hint);
    }
  }

  #missing(what: string): AppError {
    return this.#error(
      `lacks its closing ${what}`,
      `Add the ${what}, or write the character before it with an escape.`,
    );
  }

  #badSubstitution(): AppError {
    return this.#error('has braces without a name in them', 'Write $NAME, or \\$ for a plain dollar sign.');
  }

  #unknownModifier(modifier: string): AppError {
    return this.#error(
      `uses "${modifier}", which is no form of substitution`,
      'There are :- - :+ + :? ? # ## % %% / and //.',
    );
  }

  #error(what: string, hint: string): AppError {
    return this.#fail(`"${this.#word}" ${what}.`, hint);
  }

  #fail(message: string, hint: string | undefined): AppError {
    const place = this.#options.place;
    const detail: ErrorDetail | undefined =
      place === undefined ? undefined : { kind: 'source', path: place.path, range: place.range };
    return new AppError('dockerfile-invalid', message, { hint, detail });
  }
}
