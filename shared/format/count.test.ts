import { expect, test } from 'vitest';
import { formatCount, formatNumber } from './count.ts';

test.each([
  [0, '0'],
  [999, '999'],
  [4083, '4,083'],
  [1234567, '1,234,567'],
])('%d is written %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test('a count agrees with its noun', () => {
  expect(formatCount(1, 'image')).toBe('1 image');
  expect(formatCount(2, 'image')).toBe('2 images');
  expect(formatCount(0, 'entry', 'entries')).toBe('0 entries');
});
