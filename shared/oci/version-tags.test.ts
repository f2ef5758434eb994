import { describe, expect, it } from 'vitest';
import { newestVersionTag, nextVersions } from './version-tags.ts';

describe('nextVersions', () => {
  it.each<[string, string[], string[]]>([
    ['1.4.2', [], ['1.4.3', '1.5.0', '2.0.0']],
    ['v1.4.2', ['1.4.3'], ['v1.4.3', 'v1.5.0', 'v2.0.0']],
    ['1.4.2', ['1.4.3', '1.4.4', '2.0.0'], ['1.4.5', '1.5.0', '3.0.0']],
    ['1.4.2-alpine', ['1.4.3'], ['1.4.3-alpine', '1.5.0-alpine', '2.0.0-alpine']],
    ['1.5.0-rc.1', [], ['1.5.0-rc.2', '1.5.0', '1.6.0']],
    ['v2.0.0-beta3', ['v2.0.0-beta4', 'v2.0.0'], ['v2.0.0-beta5', 'v2.1.0']],
    ['1.5.0-rc-alpine', [], ['1.5.0-rc.1-alpine', '1.5.0-alpine', '1.6.0-alpine']],
    ['1.4', [], ['1.5', '2.0']],
    ['v1.4', ['v1.5'], ['v1.6', 'v2.0']],
    ['1', ['2'], ['3']],
    ['1-alpine', [], ['2-alpine']],
    ['2026.11.21', [], ['2026.11.22', '2026.12.0', '2027.0.0']],
    ['20261121', [], []],
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
    [['2.0.0-rc.1', '2.0.0-rc.2', '1.9.0'], '2.0.0-rc.2'],
    [['1.4', '1.10', '1', 'latest', ''], '1.10'],
    [['1', '3', 'edge'], '3'],
    [['2', '1.4', '1.4.0'], '1.4.0'],
    [['latest', ''], null],
    [[], null],
  ])('of %j is %s', (tags, expected) => {
    expect(newestVersionTag(tags)).toBe(expected);
  });
});
