import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIgnoreMatcher, parseExcludes, parseIgnore } from './ignore.ts';

const matcherOf = (text: string) => createIgnoreMatcher(parseIgnore(text));

describe('parseIgnore', () => {
  it.each([
    ['a\nb\n', ['a', 'b']],
    ['\ufeff# x\na', ['a']],
    ['\ufeffa', ['a']],
    ['# x\n #y\n', ['#y']],
    ['  a  \n\t\n', ['a']],
    ['/a/b/', ['a/b']],
    ['./a/../b', ['b']],
    ['//a', ['a']],
    ['!a', ['!a']],
    ['!  /a/ ', ['!a']],
    ['a\r\nb\r\n', ['a', 'b']],
    ['a b', ['a b']],
    ['**/', ['**']],
    ['.', ['.']],
    ['', []],
  ])('reads %j', (text, expected) => {
    expect(parseIgnore(text).map((pattern) => (pattern.negated ? '!' : '') + pattern.text)).toEqual(expected);
  });

  it.each([
    ['!', /Line 1 .* "!" stands without a pattern/],
    ['a\n! \n', /Line 2/],
    ['!/', /"!"/],
    ['a[', /Line 1.*not closed/],
    ['a\\', /ends with a backslash/],
    ['[]', /empty or malformed/],
    ['a\\y*', /not an ignore pattern/],
  ])('refuses %j', (text, message) => expect(() => parseIgnore(text)).toThrow(message));
});

describe('ignores', () => {
  it.each([
    // Names and paths count from the root only.
    ['a', 'a', true],
    ['a', 'b/a', false],
    ['a', 'ab', false],
    ['a', 'a/b/c', true],
    ['a/b', 'a/b', true],
    ['a/b', 'a', false],
    ['a/b', 'x/a/b', false],
    ['/a', 'a', true],
    ['a/', 'a', true],
    ['A', 'a', false],
    // One star stays within a name.
    ['*', 'a', true],
    ['*', '.a', true],
    ['*', 'a/b', true],
    ['*.md', 'a.md', true],
    ['*.md', 'd/a.md', false],
    ['*.md', 'a.md/x', true],
    ['*/*.md', 'd/a.md', true],
    ['*/*.md', 'a.md', false],
    ['*/*.md', 'd/e/a.md', false],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['a?c', 'ac', false],
    ['a?c', 'a😀c', true],
    ['*/temp*', 'x/temporary', true],
    ['*/*/temp*', 'x/y/temp', true],
    ['d/*', 'd', false],
    ['d/*', 'd/x', true],
    ['d/*', 'd/x/y', true],
    // Two stars go over any number of folders.
    ['**', 'a', true],
    ['**', 'a/b', true],
    ['**/', 'a/b', true],
    ['**/a', 'a', true],
    ['**/a', 'x/y/a', true],
    ['**/a', 'x/ba', false],
    ['**/a', 'a/z', true],
    ['**a', 'xa', true],
    ['**a', 'x/a', true],
    ['**/*.log', 'x.log', true],
    ['**/*.log', 'a/b/x.log', true],
    ['**/*.log', 'a/.log', true],
    ['**/*.log', 'a/x.logs', false],
    ['a/**', 'a', false],
    ['a/**', 'a/b', true],
    ['a/**', 'a/b/c', true],
    ['a/**', 'ab', false],
    ['a**', 'ab/c', true],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['a/**/b', 'a/xb', false],
    ['a/**/b', 'xa/b', false],
    ['**/a/**', 'x/a/y', true],
    ['**/a/**', 'a/y', true],
    ['**/a/**', 'x/a', false],
    ['**/*', 'a', true],
    ['**/**', 'a/b', true],
    ['a/**/*', 'a/b', true],
    ['a/**/*', 'a', false],
    ['**/?', 'x/y', true],
    ['**/??', 'x/y', false],
    // Classes, escapes and characters that are special elsewhere.
    ['[ab]', 'a', true],
    ['[a-c]x', 'bx', true],
    ['[^a]', 'b', true],
    ['[^a]', 'a', false],
    ['[a-c]/x', 'b/x', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['a\\?', 'a?', true],
    ['a\\?', 'ab', false],
    ['[\\]]', ']', true],
    ['[a\\-z]', '-', true],
    ['[a\\-z]', 'm', false],
    ['a.b', 'a.b', true],
    ['a.b*', 'axb', false],
    ['a+*', 'a+x', true],
    ['a+*', 'aaa', false],
    ['(x)*', '(x)1', true],
    ['{a,b}*', '{a,b}', true],
    ['{a,b}*', 'a', false],
    ['$x*', '$xy', true],
    ['a|b*', 'a|b', true],
    ['a|b*', 'a', false],
    ['a b', 'a b', true],
    ['.*', '.git', true],
    ['.*', 'git', false],
    // Nothing can ignore the context itself.
    ['.', 'a', false],
    ['', 'a', false],
    ['../x', 'x', false],
    // The last pattern that matches decides.
    ['*\n!a', 'a', false],
    ['*\n!a', 'b', true],
    ['!a\n*', 'a', true],
    ['*.md\n!README*.md\nREADME-secret.md', 'README.md', false],
    ['*.md\n!README*.md\nREADME-secret.md', 'README-secret.md', true],
    ['*.md\n!README*.md\nREADME-secret.md', 'x.md', true],
    ['*.md\nREADME-secret.md\n!README*.md', 'README-secret.md', false],
    ['d\n!d/a', 'd/a', false],
    ['d\n!d/a', 'd/a/x', false],
    ['d\n!d/a', 'd/b', true],
    ['d\n!d/a', 'd', true],
    ['d/*\n!d/a', 'd/a', false],
    ['**\n!src/**', 'src/x/y', false],
    ['**\n!src/**', 'src', true],
    ['**\n!**/*.go', 'a/b/c.go', false],
    ['**\n!**/*.go', 'a/b/c.txt', true],
    ['*\n!src\nsrc/*.log', 'src/x.log', true],
    ['*\n!src\nsrc/*.log', 'src/x.ts', false],
    ['*\n!src\n**/test', 'src/a/test/x', true],
    ['a\n!a', 'a', false],
    ['a\n!a\na', 'a', true],
    // A pattern that could change nothing for the folder is not tried there, so it does not hold for what is in it.
    ['x\n!x/y\nx', 'x/y', false],
    ['node_modules\n!node_modules/keep\n**/node_modules', 'node_modules/keep', false],
    ['node_modules\n!node_modules/keep\n**/node_modules', 'node_modules/other', true],
    ['node_modules\n!node_modules/keep\n**/node_modules', 'a/node_modules/keep', true],
  ])('%j and %s: %s', (text, path, expected) => {
    expect(matcherOf(text).ignores(path)).toBe(expected);
  });

  it('gives the same answers in any order of asking', () => {
    const name = fc.constantFrom('a', 'b', 'ab', 'a.md', 'node_modules');
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    const piece = fc.constantFrom('a', 'b', '*', '**', '?', 'a*', '*.md', 'node_modules', '[ab]');
    const line = fc
      .tuple(fc.boolean(), fc.array(piece, { minLength: 1, maxLength: 3 }))
      .map(([negated, parts]) => (negated ? '!' : '') + parts.join('/'));
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 5 }),
        fc.array(path, { minLength: 1, maxLength: 12 }),
        (lines, paths) => {
          const asked = matcherOf(lines.join('\n'));
          for (const each of paths)
            expect(asked.ignores(each)).toBe(matcherOf(lines.join('\n')).ignores(each));
        },
      ),
    );
  });

  it('without negation ignores whatever is below what it ignores', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '/', '?', '.') });
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 4 }),
        fc.constantFrom('a', 'b', 'a/b', 'b/a.b'),
        (lines, path) => {
          const matcher = matcherOf(lines.join('\n'));
          return !matcher.ignores(path) || matcher.ignores(`${path}/below/it`);
        },
      ),
    );
  });
});

describe('mayContainReincluded', () => {
  it.each([
    ['d', 'd', false],
    ['d\n!d/a', 'd', true],
    ['d\n!e/a', 'd', false],
    ['!d/a\nd', 'd', false],
    ['*\n!src/x', 'src', true],
    ['*\n!src/x', 'lib', false],
    ['*\n!src/x/y', 'src/x', true],
    ['*\n!src/x/y', 'src/z', false],
    ['*\n!**/keep', 'anything/below', true],
    ['*\n!s*/keep', 'src', true],
    ['*\n!s*/keep', 'lib', false],
    ['*\n!keep', 'lib', false],
    ['*\n![s]rc/x', 'src', true],
  ])('%j below %s: %s', (text, directory, expected) => {
    expect(matcherOf(text).mayContainReincluded(directory)).toBe(expected);
  });

  it('never says no where a path below is taken in again', () => {
    const name = fc.constantFrom('a', 'b', 'ab', 'c');
    const path = fc.array(name, { minLength: 2, maxLength: 4 });
    const piece = fc.constantFrom('a', 'b', '*', '**', '?', 'a*', '**b', '[ab]', 'c', '\\a');
    const line = fc
      .tuple(fc.boolean(), fc.array(piece, { minLength: 1, maxLength: 4 }))
      .map(([negated, parts]) => (negated ? '!' : '') + parts.join('/').replaceAll('\\a', 'a'));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), path, (lines, parts) => {
        const matcher = matcherOf(lines.join('\n'));
        if (matcher.ignores(parts.join('/'))) return true;
        const above = parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
        return above.every(
          (directory) => !matcher.ignores(directory) || matcher.mayContainReincluded(directory),
        );
      }),
      { numRuns: 3000 },
    );
  });
});

describe('parseExcludes', () => {
  it('reads the values of --exclude, which are no lines of a file', () => {
    const matcher = createIgnoreMatcher(parseExcludes(['*.md', '!README.md', '/x', '#y', ' ']));
    expect(['a.md', 'README.md', 'x', '#y', 'z'].filter((path) => matcher.ignores(path))).toEqual([
      'a.md',
      '#y',
    ]);
  });
});
