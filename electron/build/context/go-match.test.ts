import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { compileGoMatch, hasWildcards, unescapePath, wildcardBase } from './go-match.ts';

const goMatch = (pattern: string, path: string): boolean => compileGoMatch(pattern)(path);

describe('compileGoMatch', () => {
  it.each([
    ['abc', 'abc', true],
    ['*', 'abc', true],
    ['*', '', true],
    ['*c', 'abc', true],
    ['a*', 'a', true],
    ['a*', 'abc', true],
    ['a*', 'ab/c', false],
    ['a*/b', 'abc/b', true],
    ['a*/b', 'a/c/b', false],
    ['a*b*c*d*e*/f', 'axbxcxdxe/f', true],
    ['a*b*c*d*e*/f', 'axbxcxdxexxx/f', true],
    ['a*b*c*d*e*/f', 'axbxcxdxe/xxx/f', false],
    ['a*b?c*x', 'abxbbxdbxebxczzx', true],
    ['a*b?c*x', 'abxbbxdbxebxczzy', false],
    ['ab[c]', 'abc', true],
    ['ab[b-d]', 'abc', true],
    ['ab[e-g]', 'abc', false],
    ['ab[^c]', 'abc', false],
    ['ab[^b-d]', 'abc', false],
    ['ab[^e-g]', 'abc', true],
    ['ab[!c]', 'ab!', true],
    ['ab[!c]', 'abx', false],
    ['a\\*b', 'a*b', true],
    ['a\\*b', 'ab', false],
    ['a?b', 'a☺b', true],
    ['a?b', 'a😀b', true],
    ['a[^a]b', 'a☺b', true],
    ['a???b', 'a☺b', false],
    ['[a-ζ]*', 'α', true],
    ['*[a-ζ]', 'A', false],
    ['a?b', 'a/b', false],
    ['a*b', 'a/b', false],
    ['[\\]a]', ']', true],
    ['[\\-]', '-', true],
    ['[x\\-]', 'x', true],
    ['[x\\-]', 'z', false],
    ['[\\-x]', '-', true],
    ['[b-a]', 'b', false],
    ['[a^]', '^', true],
    ['*x', 'xxx', true],
    ['a+b.c', 'a+b.c', true],
    ['a.c', 'abc', false],
    ['(a|b)', '(a|b)', true],
    ['a{1}', 'a{1}', true],
    ['$^', '$^', true],
    ['', '', true],
    ['*.go', '.go', true],
  ])('%s and %s: %s', (pattern, path, expected) => expect(goMatch(pattern, path)).toBe(expected));

  it.each(['[', 'a[', '[]a]', '[-]', '[x-]', '[-x]', '[a-b-c]', '[^', '[^bc', 'a[b\\', 'ab\\'])(
    'refuses %s',
    (pattern) => {
      expect(() => goMatch(pattern, 'a')).toThrow(AppError);
    },
  );

  it('matches any text with itself once its special characters are escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const pattern = text.replace(/[*?[\\]/g, '\\$&');
        return goMatch(pattern, text) && unescapePath(pattern) === text && !hasWildcards(pattern);
      }),
    );
  });
});

describe('wildcardBase', () => {
  it.each([
    ['a/b/c', 'a/b/c'],
    ['a/b*/c', 'a'],
    ['*.ts', ''],
    ['a/[b]/c', 'a'],
    ['a\\*/b/c?', 'a\\*/b'],
  ])('of %s is %j', (path, base) => expect(wildcardBase(path)).toBe(base));
});
