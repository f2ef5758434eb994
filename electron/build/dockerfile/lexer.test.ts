import { describe, expect, it } from 'vitest';
import { LineReader, type LogicalLine, splitLines } from './lexer.ts';

function read(text: string, escapeCharacter = '\\'): LogicalLine[] {
  const reader = new LineReader(splitLines(text), { path: 'Dockerfile', escape: escapeCharacter, start: 0 });
  const lines: LogicalLine[] = [];
  for (let line = reader.nextInstruction(); line !== null; line = reader.nextInstruction()) lines.push(line);
  return lines;
}

describe('LineReader', () => {
  it.each([
    ['one line', 'RUN a\n', ['RUN a']],
    ['no line feed at the end', 'RUN a', ['RUN a']],
    ['a byte order mark', '\ufeffFROM a\n', ['FROM a']],
    ['Windows line ends', 'RUN a \\\r\n  b\r\nRUN c\r\n', ['RUN a   b', 'RUN c']],
    ['leading blanks of the first line', '   RUN a\n', ['RUN a']],
    ['a continuation', 'RUN a \\\n  b\n', ['RUN a   b']],
    ['a continuation without blanks', 'RUN a\\\nb\n', ['RUN ab']],
    ['blanks after the continuation character', 'RUN a \\ \t\nb\n', ['RUN a b']],
    ['two backslashes, which continue nothing', 'RUN a \\\\\nRUN b\n', ['RUN a \\\\', 'RUN b']],
    ['a lone backslash line', 'RUN a \\\n\\\nb\n', ['RUN a b']],
    ['a comment inside', 'RUN a \\\n # no\n  b\n', ['RUN a   b']],
    ['a comment that ends in a backslash inside', 'RUN a \\\n# no \\\nb\n', ['RUN a b']],
    ['blank lines inside', 'RUN a \\\n\n   \n  b\n', ['RUN a   b']],
    ['a continuation at the end of the file', 'RUN a \\\n', ['RUN a ']],
    ['a hash in the middle of a line', 'RUN a # b\n', ['RUN a # b']],
    ['comments and blank lines between', '# x\n\nRUN a\n  # y\nRUN b\n', ['RUN a', 'RUN b']],
    ['a comment that ends in a backslash', '# x \\\nRUN a\n', ['RUN a']],
    ['nothing at all', '', []],
    ['only comments', '# a\n#\n', []],
  ])('reads %s', (_, text, expected) => {
    expect(read(text).map((line) => line.text)).toEqual(expected);
  });

  it('takes another continuation character', () => {
    expect(read('RUN dir C:\\\nRUN a `\nb\n', '`').map((line) => line.text)).toEqual([
      'RUN dir C:\\',
      'RUN a b',
    ]);
  });

  it('shows a continued instruction as one line with single blanks at the joins', () => {
    const [line] = read('RUN apt-get update \\\n    && apt-get  install \\\n\tx\\\ny\n');
    expect(line?.display).toBe('RUN apt-get update && apt-get  install xy');
  });

  it('knows where an instruction begins and ends', () => {
    const [first, second] = read('\n  RUN a \\\n # c\n\n    bc\n\n# end\nCMD x');
    expect(first?.range).toEqual({ line: 2, column: 2, endLine: 5, endColumn: 6 });
    expect(first?.emptyLines).toEqual([4]);
    expect(second?.range).toEqual({ line: 8, column: 0, endLine: 8, endColumn: 5 });
  });

  it('keeps the comments above an instruction, from the last empty comment on', () => {
    const [first, second] = read('# far\n#\n# near\n\n#  check=skip=X  \nRUN a\nRUN b\n');
    expect(first?.comments).toEqual([
      { text: 'near', line: 3 },
      { text: 'check=skip=X', line: 5 },
    ]);
    expect(second?.comments).toEqual([]);
  });

  it('refuses a line of more than 65535 bytes and names it', () => {
    expect(read(`RUN ${'x'.repeat(65_531)}\n`)).toHaveLength(1);
    expect(() => read(`FROM a\nRUN ${'x'.repeat(65_532)}\n`)).toThrow(/Line 2 is longer than 65535 bytes/);
    expect(() => read(`RUN ${'é'.repeat(40_000)}\n`)).toThrow(/Line 1/);
  });
});
