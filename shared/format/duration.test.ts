import { expect, test } from 'vitest';
import { formatDuration } from './duration.ts';

test.each([
  [-5, '0 ms'],
  [0, '0 ms'],
  [41.7, '42 ms'],
  [99.4, '99 ms'],
  [99.6, '0.1 s'],
  [300, '0.3 s'],
  [11_234, '11.2 s'],
  [59_949, '59.9 s'],
  [59_960, '1 min 00 s'],
  [400_000, '6 min 40 s'],
  [3_599_400, '59 min 59 s'],
  [3_599_600, '1 h 00 min'],
  [3_900_000, '1 h 05 min'],
])('%d milliseconds are written %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test('what is no number is a dash', () => {
  expect(formatDuration(Number.POSITIVE_INFINITY)).toBe('–');
});
