/** One way a server offers to be signed in to (RFC 9110, 11.6.1). Scheme and parameter names are lower case. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const UNQUOTED = /[^\s,"]*/y;

/**
 * The challenges in the values of `WWW-Authenticate` headers, in their order. Reads several in one value, quoted
 * strings with escapes, and forgives missing commas and unquoted URLs, which servers in the wild send.
 */
export function parseChallenges(values: readonly string[]): readonly Challenge[] {
  return values.flatMap(parseValue);
}

/** The challenge to answer: Bearer before Basic, undefined where neither is offered. */
export function preferredChallenge(challenges: readonly Challenge[]): Challenge | undefined {
  return (
    challenges.find(({ scheme, parameters }) => scheme === 'bearer' && parameters.realm) ??
    challenges.find(({ scheme }) => scheme === 'basic')
  );
}

/** A name followed by `=` is a parameter of the scheme before it; any other name begins a new challenge. */
function parseValue(value: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  let at = 0;
  while (at < value.length) {
    const name = matchAt(TOKEN, value, at);
    if (name === '') {
      at++;
      continue;
    }
    at += name.length;
    const equals = /^[ \t]*=[ \t]*/.exec(value.slice(at))?.[0];
    const current = challenges.at(-1);
    if (equals === undefined || current === undefined) {
      challenges.push({ scheme: name.toLowerCase(), parameters: Object.create(null) });
      continue;
    }
    at += equals.length;
    const read = value[at] === '"' ? readQuoted(value, at) : readUnquoted(value, at);
    at = read.end;
    current.parameters[name.toLowerCase()] ??= read.text;
  }
  return challenges;
}

function readQuoted(value: string, start: number): { readonly text: string; readonly end: number } {
  let text = '';
  let at = start + 1;
  for (; at < value.length && value[at] !== '"'; at++) {
    if (value[at] === '\\') at++;
    text += value[at] ?? '';
  }
  return { text, end: at + 1 };
}

function readUnquoted(value: string, start: number): { readonly text: string; readonly end: number } {
  const text = matchAt(UNQUOTED, value, start);
  return { text, end: start + text.length };
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}
