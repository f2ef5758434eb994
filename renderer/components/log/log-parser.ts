import { applySgr, PLAIN_STYLE, type TextStyle } from './ansi.ts';

/** A run of text in one style. */
export interface TextSpan {
  readonly text: string;
  readonly style: TextStyle;
}

/** One line of a log, without its line end and free of control characters. */
export interface LogLine {
  readonly text: string;
  readonly spans: readonly TextSpan[];
}

/** Start of an escape sequence, a control character, or one that turns the reading direction. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is what it is for
const SPECIAL = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const CSI = /^\u001b\[([0-?]*)[ -/]*([@-~])/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const OSC = /^\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)/;
/** A sequence longer than this is not one: its beginning is dropped instead of waiting for an end. */
const MAX_SEQUENCE = 4096;

/**
 * Turns the raw output of a program into styled lines, piece by piece. Colours are kept, every other escape
 * sequence and control character is dropped; a carriage return lets the next text replace the line, as the
 * progress bars of package managers expect.
 */
export class LogParser {
  readonly #lines: LogLine[] = [];
  #spans: TextSpan[] = [];
  #style: TextStyle = PLAIN_STYLE;
  #returned = false;
  #held = '';
  #consumed = 0;

  /** UTF-16 units that were pushed so far. */
  get consumed(): number {
    return this.#consumed;
  }

  /** All lines, the unfinished last one included when it holds text. */
  lines(): readonly LogLine[] {
    return this.#spans.length === 0 ? [...this.#lines] : [...this.#lines, this.#currentLine()];
  }

  /** Takes the next piece; a piece may end in the middle of a line or of an escape sequence. */
  push(piece: string): void {
    this.#consumed += piece.length;
    const text = this.#held + piece;
    this.#held = '';
    let at = 0;
    while (at < text.length) {
      SPECIAL.lastIndex = at;
      const special = SPECIAL.exec(text);
      const end = special === null ? text.length : special.index;
      if (end > at) this.#write(text.slice(at, end));
      if (special === null) return;
      const used = this.#control(text, end);
      if (used === 0) {
        this.#held = text.slice(end);
        return;
      }
      at = end + used;
    }
  }

  /** Obeys the control character at `at`; returns how many units it took, 0 when its end is still to come. */
  #control(text: string, at: number): number {
    const character = text[at];
    if (character === '\n') this.#endLine();
    else if (character === '\r') this.#returned = true;
    else if (character === '\u001b') return this.#escape(text.slice(at, at + MAX_SEQUENCE));
    return 1;
  }

  #escape(text: string): number {
    const csi = CSI.exec(text);
    if (csi !== null) {
      const [whole, parameters = '', final] = csi;
      if (final === 'm') this.#style = applySgr(this.#style, parameters);
      else if (final === 'K' && (parameters === '2' || this.#returned)) this.#spans = [];
      return whole.length;
    }
    const osc = OSC.exec(text);
    if (osc !== null) return osc[0].length;
    const open = text.length === 1 || '[]PX^_'.includes(text[1] ?? '');
    if (open && text.length < MAX_SEQUENCE) return 0;
    return Math.min(2, text.length);
  }

  #write(text: string): void {
    if (this.#returned) this.#spans = [];
    this.#returned = false;
    const last = this.#spans.at(-1);
    if (last !== undefined && last.style === this.#style)
      this.#spans[this.#spans.length - 1] = { text: last.text + text, style: last.style };
    else this.#spans.push({ text, style: this.#style });
  }

  #endLine(): void {
    this.#lines.push(this.#currentLine());
    this.#spans = [];
    this.#returned = false;
  }

  #currentLine(): LogLine {
    return { text: this.#spans.map((span) => span.text).join(''), spans: this.#spans.slice() };
  }
}

/** All lines of a complete log. */
export function parseLog(text: string): readonly LogLine[] {
  const parser = new LogParser();
  parser.push(text);
  return parser.lines();
}

/** A log as plain text: what is put on the clipboard. */
export function plainText(lines: readonly LogLine[]): string {
  return lines.map((line) => line.text).join('\n');
}
