import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readJsonLines } from './json-lines.ts';

async function read(...chunks: string[]): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const value of readJsonLines(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), 'Docker'))
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

  it('says that the engine went away when the stream breaks off', async () => {
    const stream = new Readable({ read() {} });
    stream.push('{"a":1}\n');
    const lines = readJsonLines(stream, 'Docker');
    expect((await lines.next()).value).toEqual({ a: 1 });
    stream.destroy(new Error('aborted'));
    await expect(lines.next()).rejects.toMatchObject({
      code: 'engine-unavailable',
      message: 'The connection to Docker broke off.',
    });
  });

  it('ends the stream with its reader', async () => {
    const stream = Readable.from([Buffer.from('{}\n{}\n'), Buffer.from('{}\n')]);
    for await (const _ of readJsonLines(stream, 'Docker')) break;
    expect(stream.destroyed).toBe(true);
  });
});
