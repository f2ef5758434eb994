import { expect, it } from 'vitest';
import { blockHeight } from './block-height.ts';
import { parseLog } from './log-parser.ts';

it.each([
  ['lines that are not wrapped', 'x\n'.repeat(25), 0, null, 20 * 18],
  ['the rest of a log', 'x\n'.repeat(25), 1, null, 5 * 18],
  ['lines of up to three rows, an empty one as well', `${'x'.repeat(25)}\n\nshort\n`, 0, 10, 5 * 18],
  ['a block that is not there', 'x\n', 3, 10, 0],
])('thinks of the height of %s', (_what, text, index, letters, height) => {
  expect(blockHeight(parseLog(text), index, letters)).toBe(height);
});
