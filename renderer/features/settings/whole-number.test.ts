import { describe, expect, it } from 'vitest';
import { parseWhole } from './whole-number.ts';

describe('a whole number', () => {
  it.each([
    ['7', 7],
    [' 500 ', 500],
    ['', null],
    ['  ', null],
  ])('reads "%s"', (text, value) => {
    expect(parseWhole(text, [1, 1000])).toBe(value);
  });

  it.each(['0', '1001', '-3', '2.5', '1e2', 'many', '0x10'])('refuses "%s"', (text) => {
    expect(parseWhole(text, [1, 1000])).toBe('Write a whole number from 1 to 1000.');
  });
});
