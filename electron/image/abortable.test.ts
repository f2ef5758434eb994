import { describe, expect, it } from 'vitest';
import { abortable } from './abortable.ts';

async function gather<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of source) found.push(value);
  return found;
}

async function* numbers(onEnd: () => void = () => undefined): AsyncGenerator<number> {
  try {
    for (let at = 0; at < 3; at += 1) yield at;
  } finally {
    onEnd();
  }
}

describe('abortable', () => {
  it.each([undefined, new AbortController().signal])('passes everything on', async (signal) => {
    expect(await gather(abortable(numbers(), signal))).toEqual([0, 1, 2]);
  });

  it('does not begin when the signal aborted before', async () => {
    await expect(gather(abortable(numbers(), AbortSignal.abort()))).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  it('ends while the source is silent, and tells it to stop', async () => {
    const controller = new AbortController();
    let stopped = false;
    const silent: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => undefined),
        return: async () => {
          stopped = true;
          return { done: true, value: undefined };
        },
      }),
    };
    const run = gather(abortable(silent, controller.signal));
    controller.abort();
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
    expect(stopped).toBe(true);
  });

  it('closes the source when the reader stops early', async () => {
    let ended = false;
    const signal = new AbortController().signal;
    for await (const _ of abortable(
      numbers(() => {
        ended = true;
      }),
      signal,
    ))
      break;
    expect(ended).toBe(true);
  });

  it('passes the error of the source on', async () => {
    async function* failing(): AsyncGenerator<number> {
      yield 1;
      throw new Error('broken');
    }
    await expect(gather(abortable(failing(), new AbortController().signal))).rejects.toThrow('broken');
  });
});
