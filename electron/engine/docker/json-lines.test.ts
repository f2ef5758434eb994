import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readJsonLines } from './json-lines.ts';

async function read(...chunks: string[]): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const value of readJsonLines(Readable.from(chunks.map((chunk) => Buffer.from(chunk)))))
    values.push(value);
  return values;
}

describe('a stream of JSON lines', () => {
  it.each([
    ['whole lines', ['{"a":1}\n{"a":2}\n'], [{ a: 1 }, { a: 2 }]],
    ['lines cut anywhere', ['{"a"', ':1}\r', '\n\n{"a":2}'], [{ a: 1 }, { a: 2 }]],
    ['nothing', [''], []],
  ])('reads %s', async (_, chunks, values) => {
    expect(await read(...chunks)).toEqual(values);
  });

  it('refuses what is no JSON', async () => {
    await expect(read('{"a":1}\n<html>\n')).rejects.toMatchObject({ code: 'malformed' });
  });

  it('ends the stream with its reader', async () => {
    const stream = Readable.from([Buffer.from('{}\n{}\n'), Buffer.from('{}\n')]);
    for await (const _ of readJsonLines(stream)) break;
    expect(stream.destroyed).toBe(true);
  });
});
