import { describe, expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { parseCheckOptions, readDirectives } from './directives.ts';

const directives = (text: string) => readDirectives(text.split('\n'), 'Dockerfile');
const PLACE = { path: 'Dockerfile', range: { line: 1, column: 0, endLine: 1, endColumn: 1 } };

describe('readDirectives', () => {
  it('reads syntax, escape and check in any order and case', () => {
    const found = directives(
      '#syntax=docker/dockerfile:1.26 \r\n# ESCAPE = `\n #  Check=skip=A , B;error=true\nFROM a',
    );
    expect(found.syntax?.value).toBe('docker/dockerfile:1.26');
    expect(found.escape).toBe('`');
    expect(found.check?.options).toMatchObject({ skip: ['A', 'B'], skipAll: false, error: true });
    expect(found.check?.range).toEqual({ line: 3, column: 1, endLine: 3, endColumn: 31 });
    expect(found.lineCount).toBe(3);
  });

  it.each([
    ['a comment', '# hello\n# escape=`'],
    ['an empty line', '\n# escape=`'],
    ['an instruction', 'FROM a\n# escape=`'],
    ['an unknown directive', '# other=1\n# escape=`'],
    ['a directive without value', '# syntax=\n# escape=`'],
  ])('ends the zone at %s', (_, text) => {
    expect(directives(text)).toMatchObject({ escape: '\\', lineCount: 0 });
  });

  it.each([
    ['# escape=x', /"x" cannot be the escape character/],
    ['# escape=\\\n# escape=`', /"escape" is given twice/],
    ['# check=skip', /"skip" is not an option/],
    ['# check=skop=A', /"skop=A" is not an option/],
    ['# check=error=maybe', /neither true nor false/],
  ])('refuses %j', (text, message) => {
    expect(() => directives(text)).toThrow(message);
  });

  it('points at the directive that is wrong', () => {
    try {
      directives('# syntax=a\n# escape=xyz\nFROM a');
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
      expect((error as AppError).detail).toMatchObject({ kind: 'source', range: { line: 2, endColumn: 12 } });
    }
  });
});

describe('parseCheckOptions', () => {
  it.each([
    ['', { skip: [], skipAll: false, error: undefined }],
    ['skip=all', { skip: [], skipAll: true }],
    ['skip=A', { skip: ['A'], skipAll: false }],
    ['error=1', { error: true }],
    ['error=False;skip=A,B', { error: false, skip: ['A', 'B'] }],
    ['experimental=all', { experimental: [], experimentalAll: true }],
    [' experimental = X ; skip = Y ', { experimental: ['X'], skip: ['Y'] }],
  ])('reads %j', (value, expected) => {
    expect(parseCheckOptions(value, PLACE)).toMatchObject(expected);
  });
});
