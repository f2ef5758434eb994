import { describe, expect, it } from 'vitest';
import { newestVersionTag, nextVersions } from './version-tags.ts';

describe('nextVersions', () => {
  it.each<[string, string[], string[]]>([
    ['1.4.2', [], ['1.4.3', '1.5.0', '2.0.0']],
    ['v1.4.2', ['1.4.3'], ['v1.4.3', 'v1.5.0', 'v2.0.0']],
    ['1.4.2', ['1.4.3', '1.4.4', '2.0.0'], ['1.4.5', '1.5.0', '3.0.0']],
    ['1.4.2-alpine', ['1.4.3'], ['1.4.3-alpine', '1.5.0-alpine', '2.0.0-alpine']],
    ['1.4.2-rc.1', [], ['1.4.3-rc.1', '1.5.0-rc.1', '2.0.0-rc.1']],
    ['1.4', [], []],
    ['latest', [], []],
    ['01.2.3', [], []],
    ['v1.2.3.4', [], []],
  ])('after %s with %j taken are %j', (tag, taken, expected) => {
    expect(nextVersions(tag, taken)).toEqual(expected);
  });
});

describe('newestVersionTag', () => {
  it.each<[string[], string | null]>([
    [['1.9.0', '1.10.0', 'latest'], '1.10.0'],
    [['1.0.0', '1.0.0-rc.1'], '1.0.0'],
    [['v2.0.0', '1.9.9'], 'v2.0.0'],
    [['1.4', 'latest', ''], null],
    [[], null],
  ])('of %j is %s', (tags, expected) => {
    expect(newestVersionTag(tags)).toBe(expected);
  });
});
