import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCertificates } from './certificates.ts';
import { giveBack } from './receive-memory.ts';
import { createTransport, type Transport } from './transport.ts';

const MB = 1024 * 1024;

/** Bytes that are others at each place and for each seed. */
function bytesOf(seed: string, length: number): Buffer {
  return createHash('shake256', { outputLength: length }).update(seed).digest();
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describe('the memory that sockets read into', () => {
  let server: Server;
  let transport: Transport;
  let isChunked = false;

  beforeEach(async () => {
    isChunked = false;
    // `/seed/length`
    server = createServer((request, response) => {
      const [, seed = '', length = '0'] = (request.url ?? '').split('/');
      if (!isChunked) response.setHeader('content-length', length);
      const bytes = bytesOf(seed, Number(length));
      if (isChunked)
        for (let at = 0; at < bytes.length; at += 3001) response.write(bytes.subarray(at, at + 3001));
      response.end(isChunked ? undefined : bytes);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    transport = createTransport({
      certificates: createCertificates({ folders: [] }),
      isUnverifiedAllowed: () => false,
      environment: {},
      userAgent: 'test',
    });
  });
  afterEach(async () => {
    await transport.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  async function* get(seed: string, length: number): AsyncGenerator<Buffer, void, void> {
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${seed}/${length}`);
    const response = await transport.send({ method: 'GET', url, headers: {} });
    yield* response.body as AsyncIterable<Buffer>;
  }

  it('is used again when its chunks are given back, without changing a byte', async () => {
    const used = new Set<ArrayBufferLike>();
    const hash = createHash('sha256');
    for await (const chunk of get('one', 40 * MB)) {
      used.add(chunk.buffer);
      hash.update(chunk);
      giveBack(chunk);
    }
    expect(hash.digest('hex')).toBe(sha256(bytesOf('one', 40 * MB)));
    expect(used.size).toBeLessThan(10);
  });

  it.each([false, true])('is left to who keeps a chunk of it (chunked: %s)', async (chunked) => {
    isChunked = chunked;
    const kept: { chunk: Buffer; hash: string }[] = [];
    const read = async (seed: string): Promise<void> => {
      let count = 0;
      for await (const chunk of get(seed, 6 * MB)) {
        count += 1;
        if (count % 3 === 0) kept.push({ chunk, hash: sha256(chunk) });
        else giveBack(chunk);
      }
    };
    for (const round of [1, 2, 3]) await Promise.all(['a', 'b', 'c', 'd'].map((seed) => read(seed + round)));
    expect(kept.length).toBeGreaterThan(10);
    expect(kept.filter(({ chunk, hash }) => sha256(chunk) !== hash)).toEqual([]);
  });

  it('may be what other code made', () => {
    expect(() => giveBack(Buffer.from('text'))).not.toThrow();
  });
});
