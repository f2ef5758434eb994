import { describe, expect, it } from 'vitest';
import { joinQuotedWords, splitQuotedWords } from './quoted-words.ts';

describe('words with quotes', () => {
  it.each([
    ['', []],
    ['  a \t b\n', ['a', 'b']],
    ['"a b" c', ['a b', 'c']],
    ["type=local,src='/my cache',x=1 d", ['type=local,src=/my cache,x=1', 'd']],
    ['""', ['']],
    [`a"'"b`, ["a'b"]],
    ['C:\\a\\ b', ['C:\\a\\', 'b']],
    ['"C:\\my cache\\"', ['C:\\my cache\\']],
  ])('are split: %j', (line, words) => expect(splitQuotedWords(line)).toEqual(words));

  it.each(['"a b', "a 'b", `"a' b`, `'a"`])('are refused where a quote has no end: %j', (line) =>
    expect(splitQuotedWords(line)).toBeNull(),
  );

  it.each([
    [['a', 'b=c,d'], 'a b=c,d'],
    [['/my cache'], '"/my cache"'],
    [['']],
    [['"', "'", `"'`, ' " ', 'a"b c', '""']],
    [['\\', ' \\', '\t', '\n']],
  ])('are joined so that they are split again: %j', (words: readonly string[], line?: string) => {
    const joined = joinQuotedWords(words);
    if (line !== undefined) expect(joined).toBe(line);
    expect(splitQuotedWords(joined)).toEqual(words);
  });
});
