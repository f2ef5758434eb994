import { expect, test } from 'vitest';
import { formatBytes, formatBytesDifference } from './bytes.ts';

test.each([
  [0, '0 B'],
  [388, '388 B'],
  [999, '999 B'],
  [1000, '1.0 KB'],
  [9_000, '9.0 KB'],
  [84_123, '84.1 KB'],
  [99_940, '99.9 KB'],
  [99_960, '100 KB'],
  [212_400, '212 KB'],
  [999_499, '999 KB'],
  [999_500, '1.0 MB'],
  [31_400_000, '31.4 MB'],
  [121_000_000, '121 MB'],
  [1_100_000_000, '1.1 GB'],
  [5e18, '5000 PB'],
  [-9_000_000, '− 9.0 MB'],
])('%d bytes are written %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test('what is no number is a dash, not NaN', () => {
  expect(formatBytes(Number.NaN)).toBe('–');
});

test.each([
  [1_100_000, '+ 1.1 MB'],
  [-9_000_000, '− 9.0 MB'],
  [0, '± 0 B'],
])('a difference of %d bytes is written %s', (bytes, text) => {
  expect(formatBytesDifference(bytes)).toBe(text);
});
