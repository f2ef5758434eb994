import { expect, it } from 'vitest';
import { joinLog, lacksBeginning } from './joined-log.ts';

it.each([
  ['nothing live', 'abc', undefined, 'abc'],
  ['all live', '', { start: 0, text: 'abc' }, 'abc'],
  ['both, touching', 'ab', { start: 2, text: 'cd' }, 'abcd'],
  ['both, overlapping', 'abc', { start: 2, text: 'cd' }, 'abcd'],
  ['live already contained', 'abcd', { start: 1, text: 'bc' }, 'abcd'],
  ['a hole between', 'ab', { start: 5, text: 'f' }, 'ab'],
])('joins %s', (_name, asked, live, whole) => {
  expect(joinLog(asked, live)).toBe(whole);
  expect(lacksBeginning(asked, live)).toBe(live !== undefined && live.start > asked.length);
});
