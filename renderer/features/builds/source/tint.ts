/** What a piece of Dockerfile text is, for its colour. */
export type TokenKind = 'keyword' | 'flag' | 'string' | 'variable' | 'comment' | 'operator' | 'text';

/** A piece of one source line. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

/** `head` for the first line of an instruction, `rest` for its further lines, `outside` for what is between. */
export type LinePlace = 'head' | 'rest' | 'outside';

const PIECES =
  /(?<variable>\$\{[^}]*\}?|\$[A-Za-z_]\w*)|(?<string>"(?:[^"\\]|\\.)*"?|'[^']*'?)|(?<flag>(?<=^|\s)--[a-z][\w-]*)|(?<operator>(?<=\s)(?:AS|as)(?=\s)|&&|\|\||\\$|<<-?\w+)/g;

/** Lines that look like an instruction though no step tells of them, such as ARG before the first FROM. */
const INSTRUCTION =
  /^\s*(?:ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)\s/;

/**
 * Cuts one line of a Dockerfile into coloured pieces. It is for looking at only: the truth about instructions
 * comes from the parser of the core.
 */
export function tintLine(line: string, place: LinePlace): readonly Token[] {
  if (/^\s*#/.test(line)) return [{ kind: 'comment', text: line }];
  if (place === 'outside' && !INSTRUCTION.test(line))
    return line === '' ? [] : [{ kind: 'text', text: line }];
  if (place === 'rest') return tintArguments(line);
  const head = /^(\s*)([A-Za-z]+)/.exec(line);
  if (head === null) return tintArguments(line);
  const [whole, indent = '', keyword = ''] = head;
  const tokens: Token[] = indent === '' ? [] : [{ kind: 'text', text: indent }];
  tokens.push({ kind: 'keyword', text: keyword });
  return [...tokens, ...tintArguments(line.slice(whole.length))];
}

function tintArguments(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (const match of text.matchAll(PIECES)) {
    if (match.index > at) tokens.push({ kind: 'text', text: text.slice(at, match.index) });
    tokens.push({ kind: kindOf(match.groups ?? {}), text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < text.length) tokens.push({ kind: 'text', text: text.slice(at) });
  return tokens;
}

function kindOf(groups: Readonly<Record<string, string | undefined>>): TokenKind {
  if (groups.variable !== undefined) return 'variable';
  if (groups.string !== undefined) return 'string';
  if (groups.flag !== undefined) return 'flag';
  return 'operator';
}
