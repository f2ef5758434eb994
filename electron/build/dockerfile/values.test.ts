import { describe, expect, it } from 'vitest';
import { parseByteSize } from './byte-size.ts';
import { readCsvRecord } from './csv.ts';
import { parseGoDuration } from './go-duration.ts';
import { suggest } from './suggest.ts';

describe('parseGoDuration', () => {
  it.each([
    ['30s', 30e9],
    ['1m30s', 90e9],
    ['1.5h', 5400e9],
    ['500ms', 5e8],
    ['1us', 1e3],
    ['2µs', 2e3],
    ['1h2m3.5s4ms', 3_723_504e6],
    ['.5s', 5e8],
    ['0', 0],
    ['-1s', -1e9],
    ['+1s', 1e9],
  ])('reads %s', (text, nanoseconds) => expect(parseGoDuration(text)).toBe(nanoseconds));

  it.each(['', '5', 's', '1x', '1 s', '1s ', '--1s', '.s', '1d'])('refuses %j', (text) => {
    expect(parseGoDuration(text)).toBeNull();
  });
});

describe('parseByteSize', () => {
  it.each([
    ['1024', 1024],
    ['64m', 67_108_864],
    ['64MB', 67_108_864],
    ['1.5GiB', 1_610_612_736],
    ['1 k', 1024],
    ['1t', 1024 ** 4],
    ['1P', 1024 ** 5],
    ['5b', 5],
  ])('reads %s', (text, bytes) => expect(parseByteSize(text)).toBe(bytes));

  it.each(['', 'm', '-1m', '1x', '1ib', '1  m', '1mbb'])('refuses %j', (text) => {
    expect(parseByteSize(text)).toBeNull();
  });
});

describe('readCsvRecord', () => {
  it.each([
    ['a,b', ['a', 'b']],
    ['a', ['a']],
    ['', ['']],
    ['a,', ['a', '']],
    ['"a,b",c', ['a,b', 'c']],
    ['"a""b"', ['a"b']],
    ['"",x', ['', 'x']],
  ])('splits %j', (text, fields) => expect(readCsvRecord(text)).toEqual(fields));

  it.each(['a"b', '"a', '"a"b', 'x,"a'])('refuses %j', (text) => {
    expect(() => readCsvRecord(text)).toThrow(/comma-separated/);
  });
});

describe('suggest', () => {
  it.each([
    ['RNU', 'RUN'],
    ['COYP', 'COPY'],
    ['ENTRYPIONT', 'ENTRYPOINT'],
    ['from', 'FROM'],
    ['hello', undefined],
    ['', undefined],
  ])('finds for %j %j', (word, expected) => {
    expect(suggest(word, ['FROM', 'RUN', 'COPY', 'ENTRYPOINT', 'ADD'])).toBe(expected);
  });
});
