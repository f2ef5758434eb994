import type { SourceRange } from '#shared/errors/app-error.ts';
import type { Comment } from './ast.ts';
import { sourceError } from './source-error.ts';
import { trimLeft, trimSpace } from './words.ts';

/** Longest physical line in bytes, the limit of the reference implementation. */
const MAX_LINE_BYTES = 65_535;

/** One instruction as text: its continuation lines are joined, comments and blank lines inside it are gone. */
export interface LogicalLine {
  readonly text: string;
  /** The same for display: one blank where lines were joined at blanks. */
  readonly display: string;
  readonly range: SourceRange;
  readonly comments: readonly Comment[];
  readonly emptyLines: readonly number[];
}

/** Splits a text into lines without their `\n`; a `\r` before it stays. A byte order mark at the start is dropped. */
export function splitLines(text: string): string[] {
  const lines = (text.startsWith('\ufeff') ? text.slice(1) : text).split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Walks over the lines of a Dockerfile, an instruction at a time. */
export class LineReader {
  readonly #lines: readonly string[];
  readonly #path: string;
  readonly #continuation: RegExp;
  /** Index of the next line to read. */
  #next: number;
  #comments: Comment[] = [];

  constructor(lines: readonly string[], options: { path: string; escape: string; start: number }) {
    this.#lines = lines;
    this.#path = options.path;
    this.#next = options.start;
    const mark = options.escape === '\\' ? '\\\\' : options.escape;
    this.#continuation = new RegExp(`([^${mark}])${mark}[ \\t]*$|^${mark}[ \\t]*$`);
  }

  /** Number of the line last read, from 1. */
  get line(): number {
    return this.#next;
  }

  /** The next instruction, or null at the end. Throws `dockerfile-invalid` for a line that is too long. */
  nextInstruction(): LogicalLine | null {
    for (;;) {
      const raw = this.#read();
      if (raw === null) return null;
      const line = trimLeft(raw);
      if (line === '') continue;
      if (line.startsWith('#')) this.#noteComment(line);
      else return this.#joinFrom(raw, line);
    }
  }

  /** The raw lines up to the one that `isEnd` accepts, which is consumed too; null when the file ends before. */
  readUntil(isEnd: (line: string) => boolean): string | null {
    let content = '';
    while (this.#next < this.#lines.length) {
      const raw = this.#lines[this.#next] ?? '';
      const line = this.#read() ?? '';
      if (isEnd(line)) return content;
      content += `${raw}\n`;
    }
    return null;
  }

  #joinFrom(raw: string, first: string): LogicalLine {
    const line = this.#next;
    const column = raw.length - first.length;
    const comments = this.#comments;
    this.#comments = [];
    const emptyLines: number[] = [];
    const parts: string[] = [];
    let endLine = line;
    let endColumn = raw.length;
    let { text, goesOn } = this.#cutContinuation(first);
    parts.push(text);
    while (goesOn) {
      const next = this.#read();
      if (next === null) break;
      const trimmed = trimLeft(next);
      if (trimmed.startsWith('#')) continue;
      if (trimmed === '') {
        emptyLines.push(this.#next);
        continue;
      }
      ({ text, goesOn } = this.#cutContinuation(next));
      parts.push(text);
      endLine = this.#next;
      endColumn = next.length;
    }
    const range = { line, column, endLine, endColumn };
    return { text: parts.join(''), display: joinForDisplay(parts), range, comments, emptyLines };
  }

  #cutContinuation(line: string): { text: string; goesOn: boolean } {
    const match = this.#continuation.exec(line);
    if (match === null) return { text: line, goesOn: false };
    return { text: line.slice(0, match.index) + (match[1] ?? ''), goesOn: true };
  }

  #noteComment(line: string): void {
    const text = trimSpace(line.slice(1));
    if (text === '') this.#comments = [];
    else this.#comments.push({ text, line: this.#next });
  }

  #read(): string | null {
    const raw = this.#lines[this.#next];
    if (raw === undefined) return null;
    this.#next += 1;
    if (raw.length * 3 > MAX_LINE_BYTES && new TextEncoder().encode(raw).length > MAX_LINE_BYTES) {
      const range = { line: this.#next, column: 0, endLine: this.#next, endColumn: raw.length };
      throw sourceError(
        { path: this.#path, range },
        `Line ${this.#next} is longer than ${MAX_LINE_BYTES} bytes.`,
        'Break it with continuation characters, or move its content into a file.',
      );
    }
    return raw.replace(/\r+$/, '');
  }
}

function joinForDisplay(parts: readonly string[]): string {
  return trimSpace(
    parts.reduce((joined, part) => {
      const left = joined.trimEnd();
      const right = part.trimStart();
      return left.length < joined.length || right.length < part.length ? `${left} ${right}` : joined + part;
    }),
  );
}
