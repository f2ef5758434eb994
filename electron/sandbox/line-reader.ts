import type { Readable } from 'node:stream';

/** Calls `onLine` for each line of a stream of text; the last one needs no newline. Lines are cut at 64 KiB. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = (lines.pop() ?? '').slice(0, MAX_LINE);
    for (const line of lines) onLine(line);
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}

const MAX_LINE = 64 * 1024;
