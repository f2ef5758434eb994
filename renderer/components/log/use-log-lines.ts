import { useState } from 'react';
import { type LogLine, LogParser } from './log-parser.ts';

interface Parsed {
  readonly text: string;
  readonly parser: LogParser;
  readonly lines: readonly LogLine[];
}

const EMPTY: Parsed = { text: '', parser: new LogParser(), lines: [] };

/** The lines of a log that grows at its end. Only what is new is parsed; a text that is another one starts again. */
export function useLogLines(text: string): readonly LogLine[] {
  const [parsed, setParsed] = useState(EMPTY);
  if (parsed.text === text) return parsed.lines;
  const next = advance(parsed, text);
  setParsed(next);
  return next.lines;
}

function advance(before: Parsed, text: string): Parsed {
  const grows =
    before !== EMPTY && text.startsWith(before.text) && before.parser.consumed === before.text.length;
  const parser = grows ? before.parser : new LogParser();
  parser.push(grows ? text.slice(before.text.length) : text);
  return { text, parser, lines: parser.lines() };
}
