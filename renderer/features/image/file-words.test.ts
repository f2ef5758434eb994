import { expect, test } from 'vitest';
import { changeWords, formatMode } from './file-words.ts';

test.each([
  ['file', 0o644, '-rw-r--r--'],
  ['directory', 0o755, 'drwxr-xr-x'],
  ['symlink', 0o777, 'lrwxrwxrwx'],
  ['file', 0o4755, '-rwsr-xr-x'],
  ['file', 0o4644, '-rwSr--r--'],
  ['directory', 0o2775, 'drwxrwsr-x'],
  ['directory', 0o1777, 'drwxrwxrwt'],
  ['directory', 0o1776, 'drwxrwxrwT'],
  ['char', 0o620, 'crw--w----'],
  ['hardlink', 0o600, '-rw-------'],
] as const)('a %s of mode %o is written %s', (type, mode, words) => {
  expect(formatMode(type, mode)).toBe(words);
});

test('each change has a sign and a word', () => {
  expect(changeWords('added')).toEqual({ sign: '+', word: 'added' });
  expect(changeWords('removed')).toEqual({ sign: '−', word: 'removed' });
  expect(changeWords('none')).toBeNull();
});
