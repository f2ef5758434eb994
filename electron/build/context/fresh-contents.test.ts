import { describe, expect, it } from 'vitest';
import { FreshContents } from './fresh-contents.ts';

describe('FreshContents', () => {
  it('gives a content once', () => {
    const contents = new FreshContents();
    contents.keep('a', Buffer.from('A'));
    expect(contents.take('a')?.toString()).toBe('A');
    expect(contents.take('a')).toBeUndefined();
  });

  it('keeps no more than there is room for, and has room again for what was taken', () => {
    const contents = new FreshContents();
    const large = Buffer.alloc(6 << 20);
    for (const path of ['a', 'b', 'c']) contents.keep(path, large);
    expect(contents.take('c')).toBeUndefined();
    expect(contents.take('a')).toBe(large);
    contents.keep('c', large);
    expect(contents.take('c')).toBe(large);
  });
});
