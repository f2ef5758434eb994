import { expect, it } from 'vitest';
import { tagFrom } from './tag-text.ts';

it.each([
  ['feature/log in', 'feature-log-in'],
  ['v1.4.2-3-g9c1f2d3', 'v1.4.2-3-g9c1f2d3'],
  ['--x--', 'x'],
  ['.hidden', 'hidden'],
  ['é', null],
  ['', null],
  ['a'.repeat(200), 'a'.repeat(128)],
])('%j is %j', (text, tag) => {
  expect(tagFrom(text)).toBe(tag);
});
