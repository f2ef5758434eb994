import type { LogLine, TextSpan } from './log-parser.ts';

/** Where a search found its words: a line and a half-open range of UTF-16 units in its text. */
export interface LogMatch {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/** A piece of a line that is one style and either a match, the current match, or neither. */
export interface MarkedSpan extends TextSpan {
  readonly mark: 'none' | 'match' | 'current';
}

/** More matches than this are not counted: nobody steps through them. */
export const MAX_MATCHES = 5000;

/** Finds `query` in the lines, ignoring case, in reading order, at most {@link MAX_MATCHES}. */
export function findMatches(lines: readonly LogLine[], query: string): readonly LogMatch[] {
  if (query === '') return [];
  const pattern = new RegExp(query.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'gi');
  const matches: LogMatch[] = [];
  for (const [line, { text }] of lines.entries()) {
    for (const match of text.matchAll(pattern)) {
      matches.push({ line, start: match.index, end: match.index + match[0].length });
      if (matches.length === MAX_MATCHES) return matches;
    }
  }
  return matches;
}

const NO_MATCHES: readonly LogMatch[] = [];

/** Those of one line among the matches of a log, which are in reading order. */
export function matchesIn(matches: readonly LogMatch[], line: number): readonly LogMatch[] {
  let from = 0;
  for (let end = matches.length; from < end; ) {
    const middle = (from + end) >> 1;
    if ((matches[middle]?.line ?? line) < line) from = middle + 1;
    else end = middle;
  }
  if (matches[from]?.line !== line) return NO_MATCHES;
  let until = from + 1;
  while (matches[until]?.line === line) until += 1;
  return matches.slice(from, until);
}

/** The index after `current` in the given direction, going round; 0 when there is no current one. */
export function stepMatch(count: number, current: number | null, direction: 1 | -1): number | null {
  if (count === 0) return null;
  if (current === null) return direction === 1 ? 0 : count - 1;
  return (current + direction + count) % count;
}

/** The spans of one line cut at the borders of its matches. */
export function markSpans(
  spans: readonly TextSpan[],
  matches: readonly LogMatch[],
  current: LogMatch | null,
): readonly MarkedSpan[] {
  if (matches.length === 0) return spans.map((span) => ({ ...span, mark: 'none' as const }));
  const marked: MarkedSpan[] = [];
  let offset = 0;
  for (const span of spans) {
    const end = offset + span.text.length;
    let at = offset;
    const emit = (until: number, mark: MarkedSpan['mark']): void => {
      if (until > at)
        marked.push({ text: span.text.slice(at - offset, until - offset), style: span.style, mark });
      at = Math.max(at, until);
    };
    for (const match of matches) {
      if (match.end <= offset || match.start >= end) continue;
      emit(Math.max(match.start, offset), 'none');
      emit(Math.min(match.end, end), match === current ? 'current' : 'match');
    }
    emit(end, 'none');
    offset = end;
  }
  return marked;
}
