import type { CommandForm, Heredoc } from './ast.ts';
import { expandWords } from './expand.ts';

/** The opening of a here-document: what stands behind `<<`. */
export interface HeredocOpening {
  readonly name: string;
  readonly stripTabs: boolean;
  readonly expand: boolean;
  readonly fileDescriptor: number;
}

const OPENING = /^(\d*)<<(-?)\s*([^<]*)$/;
const nothingIsSet = (): undefined => undefined;
const RAW = { keepQuotes: true, keepEscapes: true, keepUnset: true } as const;

/** Reads one word as a heredoc opening; null when it is none. */
export function parseHeredocWord(word: string): HeredocOpening | null {
  const match = OPENING.exec(word);
  const rest = match?.[3] ?? '';
  if (match === null || rest === '') return null;
  const plain = wordsOf(rest, { keepUnset: true });
  const raw = wordsOf(rest, RAW);
  const name = plain[0];
  if (name === undefined || plain.length !== 1 || raw.length !== 1) return null;
  return {
    name,
    stripTabs: match[2] === '-',
    // A difference means that something in it was quoted.
    expand: name === raw[0],
    fileDescriptor: match[1] === '' ? 0 : Number(match[1]),
  };
}

/** The heredocs that a line opens, from left to right. */
export function findHeredocs(line: string): HeredocOpening[] {
  if (!line.includes('<<')) return [];
  return wordsOf(line, RAW).flatMap((word) => parseHeredocWord(word) ?? []);
}

/** A heredoc from its opening and the lines read for it. */
export function makeHeredoc(opening: HeredocOpening, rawContent: string): Heredoc {
  const content = opening.stripTabs ? rawContent.replace(/^\t+/gm, '') : rawContent;
  return { ...opening, rawContent, content };
}

/** Whether `line` ends the heredoc. */
export function closesHeredoc(opening: HeredocOpening, line: string): boolean {
  return (opening.stripTabs ? line.replace(/^\t+/, '') : line) === opening.name;
}

/** What RUN has to execute. */
export type RunBody =
  | { readonly kind: 'exec'; readonly args: readonly string[] }
  /** Text for the current shell. */
  | { readonly kind: 'shell'; readonly script: string }
  /** A file, mounted read-only with mode 0755, whose path is then given to the current shell. */
  | { readonly kind: 'file'; readonly path: string; readonly content: string };

/**
 * The body of a RUN: a lone heredoc is the script itself (or, when it begins with `#!`, a file to execute); with
 * anything else on the line the text is put together again for the shell, which reads the heredocs by itself.
 */
export function runBody(command: CommandForm): RunBody {
  if (command.form === 'exec') return { kind: 'exec', args: command.args };
  const [first] = command.heredocs;
  if (first === undefined) return { kind: 'shell', script: command.text };
  if (parseHeredocWord(command.text) === null) {
    return { kind: 'shell', script: withHeredocs(command.text, command.heredocs) };
  }
  if (!first.rawContent.startsWith('#!')) return { kind: 'shell', script: first.content };
  return { kind: 'file', path: `/dev/pipes/${first.name}`, content: first.content };
}

/** A line with the bodies of its heredocs below it. */
export function withHeredocs(line: string, heredocs: readonly Heredoc[]): string {
  return heredocs.reduce((text, heredoc) => `${text}\n${heredoc.rawContent}${heredoc.name}`, line);
}

/** Words of shell text; none when its quotes do not match, which is the shell's affair and not ours. */
function wordsOf(text: string, options: Parameters<typeof expandWords>[2]): readonly string[] {
  try {
    return expandWords(text, nothingIsSet, options);
  } catch {
    return [];
  }
}
