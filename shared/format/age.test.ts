import { expect, test } from 'vitest';
import { formatAge, formatAgo } from './age.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const MIN = 60_000;
const DAY = 1440 * MIN;

test.each([
  [-5 * MIN, 'now'],
  [30_000, 'now'],
  [2 * MIN, '2 min'],
  [59.9 * MIN, '59 min'],
  [60 * MIN, '1 hour'],
  [5 * 60 * MIN, '5 hours'],
  [DAY, '1 day'],
  [3 * DAY, '3 days'],
  [13.9 * DAY, '13 days'],
  [21 * DAY, '3 weeks'],
  [42 * DAY, '6 weeks'],
  [100 * DAY, '3 months'],
  [400 * DAY, '1 year'],
  [800 * DAY, '2 years'],
])('an age of %d ms is written %s', (age, text) => {
  expect(formatAge(NOW - age, NOW)).toBe(text);
});

test('in a sentence it ends in "ago", except just now', () => {
  expect(formatAgo(NOW - 3 * DAY, NOW)).toBe('3 days ago');
  expect(formatAgo(NOW, NOW)).toBe('just now');
});
