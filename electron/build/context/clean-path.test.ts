import { describe, expect, it } from 'vitest';
import { cleanPath, pathInRoot } from './clean-path.ts';

describe('cleanPath', () => {
  it.each([
    ['', '.'],
    ['.', '.'],
    ['a', 'a'],
    ['a/', 'a'],
    ['./a', 'a'],
    ['a//b', 'a/b'],
    ['a/./b', 'a/b'],
    ['a/../b', 'b'],
    ['a/..', '.'],
    ['../a', '../a'],
    ['a/../../b', '../b'],
    ['/', '/'],
    ['//', '/'],
    ['/..', '/'],
    ['/../a', '/a'],
    ['/a/../../b/', '/b'],
  ])('of %j is %j', (path, expected) => expect(cleanPath(path)).toBe(expected));
});

describe('pathInRoot', () => {
  it.each([
    ['../../etc/passwd', 'etc/passwd'],
    ['/a/b', 'a/b'],
    ['.', ''],
    ['a/../..', ''],
  ])('of %j is %j', (path, expected) => expect(pathInRoot(path)).toBe(expected));
});
