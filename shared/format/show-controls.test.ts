import { expect, it } from 'vitest';
import { showControls, showName } from './show-controls.ts';

it.each([
  ['plain text, ünïcode, 漢字\tand\nlines', 'plain text, ünïcode, 漢字\tand\nlines'],
  ['\u001b]0;window\u0007', '\\x1b]0;window\\x07'],
  ['a\rb\u0000\u007f\u009b31m', 'a\\x0db\\x00\\x7f\\x9b31m'],
  ['photo\u202egpj.exe', 'photo\\u202egpj.exe'],
])('shows %j as %j', (text, shown) => {
  expect(showControls(text)).toBe(shown);
});

it('keeps a name on its line', () => {
  expect(showName('a\nb\tc')).toBe('a\\x0ab\\x09c');
});
