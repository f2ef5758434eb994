import type { CSSProperties } from 'react';
import type { TextStyle } from './ansi.ts';
import styles from './log.module.css';
import type { LogLine } from './log-parser.ts';
import { type LogMatch, type MarkedSpan, markSpans } from './log-search.ts';

/** A line longer than this is cut on the screen, not on the clipboard: a browser cannot draw megabytes in a line. */
const LONGEST_LINE = 5000;

interface LogLineViewProps {
  readonly line: LogLine;
  readonly matches: readonly LogMatch[];
  readonly current: LogMatch | null;
}

/** One line of a log with its colours and the marks of a search. */
export function LogLineView({ line, matches, current }: LogLineViewProps) {
  const spans = markSpans(cut(line), matches, current);
  const hidden = line.text.length - LONGEST_LINE;
  return (
    <>
      {spans.map((span, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a line have no other identity
        <Span key={index} span={span} />
      ))}
      {hidden > 0 && <span className={styles.cut}> … {hidden} more characters</span>}
    </>
  );
}

function Span({ span }: { readonly span: MarkedSpan }) {
  const { style, mark } = span;
  const css = cssOf(style);
  if (mark !== 'none')
    return <mark className={mark === 'current' ? styles.currentMatch : styles.match}>{span.text}</mark>;
  return css === undefined ? span.text : <span style={css}>{span.text}</span>;
}

function cut(line: LogLine): LogLine['spans'] {
  if (line.text.length <= LONGEST_LINE) return line.spans;
  let room = LONGEST_LINE;
  return line.spans.flatMap((span) => {
    const text = span.text.slice(0, Math.max(0, room));
    room -= span.text.length;
    return text === '' ? [] : [{ ...span, text }];
  });
}

const CSS = new WeakMap<TextStyle, CSSProperties>();

function cssOf(style: TextStyle): CSSProperties | undefined {
  if (Object.values(style).every((value) => value === null || value === false)) return undefined;
  const known = CSS.get(style);
  if (known !== undefined) return known;
  const [color, background] = style.inverse
    ? [style.background, style.color]
    : [style.color, style.background];
  const css: CSSProperties = {
    ...(color !== null || style.inverse ? { color: ink(color ?? 'var(--bg)') } : {}),
    ...(background !== null || style.inverse ? { backgroundColor: paper(background ?? 'var(--text)') } : {}),
    ...(style.bold ? { fontWeight: 650 } : {}),
    ...(style.dim ? { opacity: 0.7 } : {}),
    ...(style.italic ? { fontStyle: 'italic' } : {}),
    ...(style.underline ? { textDecoration: 'underline' } : {}),
  };
  CSS.set(style, css);
  return css;
}

/** Palette colours come from the theme; any other colour is drawn towards the text colour, so that it stays legible. */
function ink(color: number | string): string {
  if (typeof color === 'number') return `var(--ansi-${color})`;
  return color.startsWith('#') ? `color-mix(in oklab, ${color} 72%, var(--text))` : color;
}

function paper(color: number | string): string {
  const plain = typeof color === 'number' ? `var(--ansi-${color})` : color;
  return plain === 'var(--text)' ? plain : `color-mix(in oklab, ${plain} 45%, var(--bg))`;
}
