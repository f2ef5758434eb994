import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { AppError } from '#shared/errors/app-error.ts';
import { brokenOff } from './docker-errors.ts';

/** A line of progress is short; a longer one is not progress. */
const MAX_LINE = 16 * 1024 * 1024;

/**
 * The values of a stream of JSON documents, one a line (some engines send several on one line, or none at the end).
 * Destroys the stream when the reader stops early. Throws `malformed` for what is no JSON, `engine-unavailable` when
 * the stream breaks off.
 */
export async function* readJsonLines(stream: Readable, engine: string): AsyncGenerator<unknown> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      rest += decoder.write(chunk);
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > MAX_LINE) throw new AppError('malformed', 'The engine sent a line without an end.');
      for (const line of lines) yield* parseLine(line);
    }
    yield* parseLine(rest + decoder.end());
  } catch (error) {
    throw brokenOff(error, engine);
  } finally {
    stream.destroy();
  }
}

function parseLine(line: string): unknown[] {
  const text = line.trim();
  if (text === '') return [];
  try {
    return [JSON.parse(text)];
  } catch (cause) {
    throw new AppError('malformed', 'The engine sent progress that cannot be read.', {
      hint: 'Is it Docker or Podman that listens at this address?',
      cause,
    });
  }
}
