import { expect, test } from 'vitest';
import { formatShortcut, type KeyPress, matchesShortcut } from './shortcuts.ts';

const press = (key: string, code: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

test.each([
  ['mod+k', press('k', 'KeyK', { ctrlKey: true }), false, true],
  ['mod+k', press('k', 'KeyK', { metaKey: true }), true, true],
  ['mod+k', press('k', 'KeyK', { ctrlKey: true }), true, false],
  ['mod+k', press('k', 'KeyK'), false, false],
  ['mod+k', press('K', 'KeyK', { ctrlKey: true, shiftKey: true }), false, false],
  ['mod+shift+p', press('P', 'KeyP', { ctrlKey: true, shiftKey: true }), false, true],
  ['alt+1', press('¡', 'Digit1', { altKey: true }), true, true],
  ['/', press('/', 'Digit7', { shiftKey: true }), false, true],
  ['/', press('/', 'Slash', { ctrlKey: true }), false, false],
  ['mod+,', press(',', 'Comma', { ctrlKey: true }), false, true],
  ['alt+arrowleft', press('ArrowLeft', 'ArrowLeft', { altKey: true }), false, true],
])('%s against %j on a Mac (%s): %s', (shortcut, event, isMac, hit) => {
  expect(matchesShortcut(event, shortcut, isMac)).toBe(hit);
});

test.each([
  ['mod+k', '⌘K', 'Ctrl K'],
  ['mod+shift+p', '⇧⌘P', 'Ctrl Shift P'],
  ['alt+arrowleft', '⌥←', 'Alt ←'],
  ['/', '/', '/'],
])('%s is printed %s on a Mac and %s elsewhere', (shortcut, mac, other) => {
  expect(formatShortcut(shortcut, true)).toBe(mac);
  expect(formatShortcut(shortcut, false)).toBe(other);
});
