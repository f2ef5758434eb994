import { describe, expect, it } from 'vitest';
import { LogParser, parseLog, plainText } from './log-parser.ts';

const ESC = '\u001b';
const texts = (text: string): string[] => parseLog(text).map((line) => line.text);

describe('LogParser', () => {
  it.each([
    ['plain lines', 'a\nb\n', ['a', 'b']],
    ['a last line without its end', 'a\nb', ['a', 'b']],
    ['an empty line between', 'a\n\nb\n', ['a', '', 'b']],
    ['Windows line ends', 'a\r\nb\r\n', ['a', 'b']],
    ['a progress bar that redraws its line', '10%\r50%\r100%\ndone\n', ['100%', 'done']],
    ['a carriage return before an erase', `old text\r${ESC}[Knew\n`, ['new']],
    ['a bell, a backspace and a null', 'a\u0007b\u0008c\u0000d\n', ['abcd']],
    ['characters that turn the reading direction', 'user\u202exgpj.exe\u2066\n', ['userxgpj.exe']],
    ['a window title', `${ESC}]0;owned\u0007text\n`, ['text']],
    ['a hyperlink', `${ESC}]8;;https://example.org${ESC}\\link${ESC}]8;;${ESC}\\\n`, ['link']],
    ['cursor movement', `${ESC}[2Aup${ESC}[10;3H\n`, ['up']],
    ['an eight-bit control sequence introducer', 'a\u009bb\n', ['ab']],
    ['a tab', 'a\tb\n', ['a\tb']],
  ])('reads %s', (_name, input, expected) => {
    expect(texts(input)).toEqual(expected);
  });

  it('keeps colours over line ends until they are reset', () => {
    const [first, second] = parseLog(`${ESC}[31mred\nstill${ESC}[0m plain\n`);
    expect(first?.spans.map((span) => span.style.color)).toEqual([1]);
    expect(second?.spans.map((span) => [span.text, span.style.color])).toEqual([
      ['still', 1],
      [' plain', null],
    ]);
  });

  it('gives the same lines however the text is cut into pieces', () => {
    const text = `one ${ESC}[1;32mok${ESC}[0m\r\n50%\r${ESC}[2K100%\n${ESC}]0;title\u0007end`;
    const whole = parseLog(text);
    for (let size = 1; size < 7; size++) {
      const parser = new LogParser();
      for (let at = 0; at < text.length; at += size) parser.push(text.slice(at, at + size));
      expect(parser.lines()).toEqual(whole);
      expect(parser.consumed).toBe(text.length);
    }
  });

  it('does not wait for ever for the end of a sequence', () => {
    expect(texts(`${ESC}]0;${'x'.repeat(5000)}\nafter\n`).at(-1)).toBe('after');
  });

  it('is plain text on the clipboard', () => {
    expect(plainText(parseLog(`a ${ESC}[31mb${ESC}[0m\nc`))).toBe('a b\nc');
  });
});
