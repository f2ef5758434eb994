import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIgnoreMatcher, parseIgnore } from './ignore.ts';

/** One part of a path against one part of a pattern, by trying everything: `*`, `?` and letters. */
function matchesPart(pattern: string, part: string): boolean {
  if (pattern === '') return part === '';
  const rest = pattern.slice(1);
  if (pattern[0] === '*') {
    for (let taken = 0; taken <= part.length; taken += 1)
      if (matchesPart(rest, part.slice(taken))) return true;
    return false;
  }
  return part !== '' && (pattern[0] === '?' || pattern[0] === part[0]) && matchesPart(rest, part.slice(1));
}

/** A pattern whose `**` stand alone between slashes, against exactly this path. */
function matchesPath(pattern: readonly string[], path: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return path.length === 0;
  if (first !== '**')
    return path.length > 0 && matchesPart(first, path[0] ?? '') && matchesPath(rest, path.slice(1));
  // At the end it stands for something that is there, before more for any number of folders.
  if (rest.length === 0) return path.length > 0;
  for (let skipped = 0; skipped <= path.length; skipped += 1)
    if (matchesPath(rest, path.slice(skipped))) return true;
  return false;
}

interface Line {
  readonly negated: boolean;
  readonly parts: readonly string[];
}

/**
 * moby's MatchesUsingParentResults, read off the original: for each pattern whether the path or a folder above it
 * matched; one that could not change the result is not tried.
 */
function evaluate(lines: readonly Line[], path: readonly string[]): { ignored: boolean; matched: boolean[] } {
  const parent = path.length < 2 ? null : evaluate(lines, path.slice(0, -1)).matched;
  let ignored = false;
  const matched = lines.map(({ negated, parts }, at) => {
    let isMatch = parent?.[at] === true;
    if (!isMatch && negated === ignored) isMatch = matchesPath(parts, path);
    if (isMatch) ignored = !negated;
    return isMatch;
  });
  return { ignored, matched };
}

const name = fc.constantFrom('a', 'b', 'ab', 'ba', 'aab', '.b');
const path = fc.array(name, { minLength: 1, maxLength: 5 });
const part = fc.oneof(
  { weight: 3, arbitrary: name },
  { weight: 3, arbitrary: fc.constantFrom('*', '?', 'a*', '*b', '?b', '*a*', 'a?*', '.*') },
  { weight: 2, arbitrary: fc.constant('**') },
);
const line: fc.Arbitrary<Line> = fc.record({
  negated: fc.boolean(),
  parts: fc.array(part, { minLength: 1, maxLength: 4 }),
});
const textOf = (lines: readonly Line[]) =>
  lines.map(({ negated, parts }) => `${negated ? '!' : ''}${parts.join('/')}`).join('\n');

describe('the ignore matcher beside a model that knows no regular expression', () => {
  it('matches the same paths by one pattern', () => {
    let matches = 0;
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), path, (parts, names) => {
        const matcher = createIgnoreMatcher(parseIgnore(parts.join('/')));
        const above = names.map((_, at) => names.slice(0, at + 1));
        const expected = above.some((each) => matchesPath(parts, each));
        matches += expected ? 1 : 0;
        expect(matcher.ignores(names.join('/'))).toBe(expected);
      }),
      { numRuns: 5000 },
    );
    // Neither answer is rare, so that a matcher that always says one of them fails.
    expect(matches).toBeGreaterThan(500);
    expect(matches).toBeLessThan(4500);
  });

  it('decides the same with many lines that take out and let in again', () => {
    const answers = { ignored: 0, kept: 0 };
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 2, maxLength: 7 }),
        fc.array(path, { minLength: 1 }),
        (lines, paths) => {
          const matcher = createIgnoreMatcher(parseIgnore(textOf(lines)));
          for (const names of paths) {
            const { ignored } = evaluate(lines, names);
            answers[ignored ? 'ignored' : 'kept'] += 1;
            expect(matcher.ignores(names.join('/'))).toBe(ignored);
          }
        },
      ),
      { numRuns: 2000 },
    );
    expect(Math.min(answers.ignored, answers.kept)).toBeGreaterThan(500);
  });

  it('looks into every folder that holds something it keeps', () => {
    let looked = 0;
    fc.assert(
      fc.property(fc.array(line, { minLength: 2, maxLength: 6 }), path, (lines, names) => {
        if (evaluate(lines, names).ignored) return;
        const matcher = createIgnoreMatcher(parseIgnore(textOf(lines)));
        for (let depth = 1; depth < names.length; depth += 1) {
          const folder = names.slice(0, depth);
          if (!evaluate(lines, folder).ignored) continue;
          looked += 1;
          expect(matcher.mayContainReincluded(folder.join('/'))).toBe(true);
        }
      }),
      { numRuns: 5000 },
    );
    expect(looked).toBeGreaterThan(50);
  });
});
