import { expect, it } from 'vitest';
import { parseLog } from './log-parser.ts';
import { findMatches, MAX_MATCHES, markSpans, matchesIn, stepMatch } from './log-search.ts';

it('finds words in any case, with their positions', () => {
  const lines = parseLog('npm Error\nnothing\nerror: an ERROR\n');
  expect(findMatches(lines, 'error')).toEqual([
    { line: 0, start: 4, end: 9 },
    { line: 2, start: 0, end: 5 },
    { line: 2, start: 10, end: 15 },
  ]);
});

it('takes the query literally', () => {
  expect(findMatches(parseLog('a.c\nabc\n'), 'a.c')).toHaveLength(1);
  expect(findMatches(parseLog('f(x) [y] $z\n'), '(x) [y] $')).toHaveLength(1);
});

it('stops counting at the limit', () => {
  expect(findMatches(parseLog('x'.repeat(MAX_MATCHES + 10)), 'x')).toHaveLength(MAX_MATCHES);
});

it('finds nothing for an empty query', () => {
  expect(findMatches(parseLog('abc'), '')).toEqual([]);
});

it.each([
  [3, null, 1, 0],
  [3, null, -1, 2],
  [3, 2, 1, 0],
  [3, 0, -1, 2],
  [0, null, 1, null],
] as const)('steps among %s matches from %s by %s', (count, current, direction, expected) => {
  expect(stepMatch(count, current, direction)).toBe(expected);
});

it('cuts spans at match borders, over a change of colour', () => {
  const [line] = parseLog('ab\u001b[31mcd\u001b[0mef');
  const matches = findMatches(line === undefined ? [] : [line], 'bc');
  const marked = markSpans(line?.spans ?? [], matches, matches[0] ?? null);
  expect(marked.map((span) => [span.text, span.mark])).toEqual([
    ['a', 'none'],
    ['b', 'current'],
    ['c', 'current'],
    ['d', 'none'],
    ['ef', 'none'],
  ]);
});

it.each([
  [0, 1],
  [1, 0],
  [2, 3],
  [7, 1],
  [8, 0],
])('line %d has %d of the matches of the log', (line, count) => {
  const matches = [0, 2, 2, 2, 5, 7].map((at, index) => ({ line: at, start: index, end: index + 1 }));
  const found = matchesIn(matches, line);
  expect(found).toHaveLength(count);
  expect(found).toEqual(matches.filter((match) => match.line === line));
});
