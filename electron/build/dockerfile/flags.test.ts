import { describe, expect, it } from 'vitest';
import { cutFlags } from './flags.ts';

describe('cutFlags', () => {
  it.each([
    ['a b', [], 'a b'],
    ['--x a', ['--x'], 'a'],
    ['--x=1 --y="a b"   c d', ['--x=1', '--y=a b'], 'c d'],
    ["--x='a\"b' c", ['--x=a"b'], 'c'],
    ['--x=a\\ b c', ['--x=a b'], 'c'],
    ['--x="a\\"b" c', ['--x=a"b'], 'c'],
    ['-- --x', [], ' --x'],
    ['--x -- --y', ['--x'], ' --y'],
    ['- a', [], '- a'],
    ['-x a', [], '-x a'],
    ['a --x', [], 'a --x'],
    ['--x', ['--x'], ''],
    ['--x="a', ['--x=a'], ''],
    ['--x=a\\', ['--x=a'], ''],
    ['', [], ''],
  ])('cuts %j', (text, flags, rest) => expect(cutFlags(text)).toEqual({ flags, rest }));
});
