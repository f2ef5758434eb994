import { describe, expect, it } from 'vitest';
import { fakeImageList } from '#renderer/testing/fake-images.ts';
import { suggestTags } from './suggest-tags.ts';

describe('suggested tags', () => {
  const images = fakeImageList();

  it.each([
    ['acme/web:', ['acme/web:1.4.3', 'acme/web:1.5.0', 'acme/web:2.0.0']],
    ['acme/web:anything', ['acme/web:1.4.3', 'acme/web:1.5.0', 'acme/web:2.0.0']],
    ['acme/web', ['acme/web:1.4.3', 'acme/web:1.5.0', 'acme/web:2.0.0']],
    ['acme/site:', ['acme/site:1.1', 'acme/site:2.0']],
    ['ghcr.io/acme/web:', []],
    ['', []],
    ['acme/web:1.4', ['acme/web:1.5', 'acme/web:2.0']],
  ])('after %s are %j', (typed, expected) => {
    expect(suggestTags(images, typed)).toEqual(expected);
  });

  it('skips what the registry has', () => {
    const there = ['1.4.3', '1.6.0', 'edge'];
    expect(suggestTags(images, 'acme/web:', there)).toEqual([
      'acme/web:1.6.1',
      'acme/web:1.7.0',
      'acme/web:2.0.0',
    ]);
  });
});
