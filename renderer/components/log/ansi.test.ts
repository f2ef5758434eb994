import { expect, it } from 'vitest';
import { applySgr, PLAIN_STYLE } from './ansi.ts';

it.each([
  ['31', { color: 1 }],
  ['97', { color: 15 }],
  ['44', { background: 4 }],
  ['103', { background: 11 }],
  ['1;4', { bold: true, underline: true }],
  ['38;5;9', { color: 9 }],
  ['38;5;208', { color: '#ff8700' }],
  ['38;5;240', { color: '#585858' }],
  ['38;2;1;2;3', { color: '#010203' }],
  ['48;2;255;300;0', { background: '#ffff00' }],
  ['38;5;196;1', { color: '#ff0000', bold: true }],
  ['38;7', {}],
  ['999', {}],
  ['31;0', {}],
  ['', {}],
])('reads %s', (parameters, expected) => {
  expect(applySgr(PLAIN_STYLE, parameters)).toEqual({ ...PLAIN_STYLE, ...expected });
});

it('gives back the one plain style when everything was switched off', () => {
  expect(applySgr(applySgr(PLAIN_STYLE, '1;31;44'), '22;39;49')).toBe(PLAIN_STYLE);
});
