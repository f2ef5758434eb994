import { expect, it } from 'vitest';
import { appendLog, EMPTY_LOG, hasGap } from './step-log.ts';

const TEXT = 'the whole log of one step';
const piece = (start: number, end: number): [number, string] => [start, TEXT.slice(start, end)];

it.each([
  ['in order', [piece(0, 5), piece(5, 12), piece(12, 25)]],
  ['twice', [piece(0, 5), piece(0, 5), piece(5, 25), piece(3, 9)]],
  ['overlapping', [piece(0, 8), piece(5, 12), piece(10, 25)]],
  ['with the middle last', [piece(0, 5), piece(12, 25), piece(5, 12)]],
  ['backwards', [piece(20, 25), piece(12, 20), piece(5, 12), piece(0, 5)]],
  ['with an overlap over what waits', [piece(0, 5), piece(8, 12), piece(5, 10), piece(12, 25)]],
])('holds the whole log when the pieces come %s', (_name, pieces) => {
  const log = pieces.reduce((held, [offset, text]) => appendLog(held, offset, text), EMPTY_LOG);
  expect(log).toEqual({ text: TEXT, ahead: [] });
});

it('tells that a piece is missing', () => {
  const log = appendLog(appendLog(EMPTY_LOG, ...piece(0, 5)), ...piece(9, 12));
  expect(hasGap(log)).toBe(true);
  expect(log.text).toBe(TEXT.slice(0, 5));
  expect(hasGap(appendLog(log, ...piece(5, 9)))).toBe(false);
});
