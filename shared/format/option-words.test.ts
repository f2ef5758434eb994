import { describe, expect, it } from 'vitest';
import { optionName, optionWords } from './option-words.ts';

describe('optionWords', () => {
  it.each([
    ['tags', '["acme/web:1.4.2","acme/web:1.4"]', 'acme/web:1.4.2, acme/web:1.4'],
    ['secrets', '[{"id":"token","env":"TOKEN"}]', 'id=token env=TOKEN'],
    ['noCache', 'true', 'yes'],
    ['target', 'build', 'build'],
    ['target', '[not JSON', '[not JSON'],
    ['build argument LIST', '["a"]', '["a"]'],
  ])('says %s %s as %s', (name, value, words) => {
    expect(optionWords(name, value)).toBe(words);
  });
});

it('names options in words, and what the user named as it is', () => {
  expect(optionName('noCache')).toBe('without the cache');
  expect(optionName('label maintainer')).toBe('label maintainer');
});
