import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { digestOf } from '#electron/image/content-digest.ts';
import { parseReference } from '#shared/oci/reference.ts';
import { openBlob, readBlob } from './blobs.ts';
import type { RegistryClient } from './client.ts';
import { ownRepository } from './repository.ts';
import { createTestClient } from './testing/test-client.ts';

const bytes = createHash('shake256', { outputLength: 3_000_000 }).update('blob').digest();
const digest = digestOf(bytes);
const descriptor = { mediaType: 'application/octet-stream', digest, size: bytes.length };

/** One answer of the scripted server: what it sends to the n-th request. */
interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly from?: number;
  readonly to?: number;
  readonly bytes?: Buffer;
  /** Bytes after which the connection breaks. */
  readonly breakAfter?: number;
  /** Leaves out the length. */
  readonly isChunked?: boolean;
}

describe('readBlob', () => {
  const servers: Server[] = [];
  const clients: RegistryClient[] = [];
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  /** A server that answers the requests for the blob by a script; the last answer goes on for ever. */
  async function serve(script: readonly Answer[]) {
    const ranges: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      if (!request.url?.includes('/blobs/')) return void response.end('{}');
      const answer = script[Math.min(ranges.length, script.length - 1)] ?? {};
      ranges.push(request.headers.range);
      const body = (answer.bytes ?? bytes).subarray(answer.from ?? 0, answer.to);
      const length = answer.isChunked ? {} : { 'content-length': String(body.length) };
      response.writeHead(answer.status ?? 200, { ...length, ...answer.headers });
      if (answer.breakAfter === undefined) response.end(body);
      else
        response.write(body.subarray(0, answer.breakAfter), () =>
          setTimeout(() => response.socket?.destroy(), 20),
        );
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = createTestClient();
    clients.push(client);
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const repository = ownRepository(client, parseReference(`${host}/app`));
    const read = async (offset = 0): Promise<Buffer> => {
      const chunks: Buffer[] = [];
      for await (const chunk of readBlob(client, repository, descriptor, { offset })) chunks.push(chunk);
      return Buffer.concat(chunks);
    };
    const open = async (): Promise<Buffer> => {
      const chunks: Buffer[] = [];
      for await (const chunk of openBlob(client, repository, descriptor)) chunks.push(chunk);
      return Buffer.concat(chunks);
    };
    return { client, repository, ranges, read, open };
  }

  const rest = (from: number, extra: Partial<Answer> = {}): Answer => ({
    status: 206,
    from,
    headers: { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` },
    ...extra,
  });

  it('gives the bytes', async () => {
    const { read, open } = await serve([{}]);
    expect((await read()).equals(bytes)).toBe(true);
    expect((await open()).equals(bytes)).toBe(true);
  });

  it('goes on by a range where the connection broke', async () => {
    const { read, ranges } = await serve([
      { breakAfter: 1_000_000 },
      rest(1_000_000, { breakAfter: 500_000 }),
      rest(1_500_000),
    ]);
    expect((await read()).equals(bytes)).toBe(true);
    expect(ranges).toEqual([undefined, 'bytes=1000000-', 'bytes=1500000-']);
  });

  it('begins where it is told to', async () => {
    const { read, ranges } = await serve([rest(2_000_000)]);
    expect((await read(2_000_000)).equals(bytes.subarray(2_000_000))).toBe(true);
    expect(ranges).toEqual(['bytes=2000000-']);
  });

  it('asks for nothing when it has all', async () => {
    const { read, ranges } = await serve([{}]);
    expect(await read(bytes.length)).toHaveLength(0);
    expect(ranges).toEqual([]);
  });

  it.each([
    ['gives the whole instead of a part', [{}]],
    ['gives a part that begins earlier', [rest(1_000_000)]],
    ['gives a part that begins later, then the whole', [rest(2_500_000), {}]],
    ['gives a part without saying which, then the whole', [{ status: 206, from: 5 }, {}]],
    ['refuses the range, then gives the whole', [{ status: 416 }, {}]],
  ])('copes with a server that %s', async (_, script) => {
    const { read } = await serve(script);
    expect((await read(2_000_000)).equals(bytes.subarray(2_000_000))).toBe(true);
  });

  it('copes with an answer without length that ends early', async () => {
    const { read } = await serve([{ isChunked: true, to: 1_200_000 }, rest(1_200_000)]);
    expect((await read()).equals(bytes)).toBe(true);
  });

  it('says that the entity tag must be the same', async () => {
    const { client, repository } = await serve([
      { breakAfter: 1_000_000, headers: { etag: '"v1"' } },
      rest(1_000_000),
    ]);
    const sent: unknown[] = [];
    const watched: RegistryClient = {
      ...client,
      send: (request) => {
        sent.push(request.headers);
        return client.send(request);
      },
    };
    for await (const chunk of readBlob(watched, repository, descriptor)) void chunk;
    expect(sent).toEqual([{}, { range: 'bytes=1000000-', 'if-range': '"v1"' }]);
  });

  it('waits for a server that fails for the moment', async () => {
    const { read, ranges } = await serve([
      { status: 503 },
      { status: 500 },
      { status: 429, headers: { 'retry-after': '0' } },
      {},
    ]);
    expect((await read()).equals(bytes)).toBe(true);
    expect(ranges).toHaveLength(4);
  });

  it('gives up a server that breaks off each time without a byte', async () => {
    const { read, ranges } = await serve([{ breakAfter: 1 }, rest(1, { breakAfter: 0 })]);
    await expect(read()).rejects.toMatchObject({ code: 'registry-unreachable' });
    expect(ranges.length).toBeLessThan(30);
  });

  it('does not count drops against a server that gets on', async () => {
    const big = Array.from({ length: 20 }, (_, index) =>
      index === 0 ? { breakAfter: 1_100_000 } : rest(1_100_000, { breakAfter: 1_050_000 }),
    );
    const { read } = await serve([...big.slice(0, 2), rest(2_150_000)]);
    expect((await read()).equals(bytes)).toBe(true);
  });

  it.each<[string, Answer]>([
    ['a shorter blob', { to: 2_999_999 }],
    ['a longer blob', { bytes: Buffer.concat([bytes, Buffer.from('x')]) }],
    ['a longer blob of unknown length', { bytes: Buffer.concat([bytes, Buffer.from('x')]), isChunked: true }],
    ['a part of a blob of another size', { status: 206, headers: { 'content-range': 'bytes 1-5/6' } }],
  ])('refuses %s at once', async (_, answer) => {
    const { read, ranges } = await serve([answer]);
    await expect(read(answer.status === 206 ? 1 : 0)).rejects.toMatchObject({ code: 'digest-mismatch' });
    expect(ranges).toHaveLength(1);
  });

  it('finds other bytes of the same size by the digest', async () => {
    const { open } = await serve([
      { bytes: Buffer.concat([bytes.subarray(0, -1), Buffer.of((bytes.at(-1) ?? 0) ^ 1)]) },
    ]);
    await expect(open()).rejects.toMatchObject({
      code: 'digest-mismatch',
      detail: { kind: 'digest', expected: digest },
    });
  });

  it.each([
    [404, 'not-found'],
    [403, 'forbidden'],
    [401, 'unauthorized'],
    [400, 'registry-error'],
  ])('ends with status %s as %s', async (status, code) => {
    const { read } = await serve([{ status }]);
    await expect(read()).rejects.toMatchObject({ code });
  });

  it('stops when it is cancelled, in the middle and between tries', async () => {
    const { client, repository } = await serve([{ breakAfter: 1_000_000 }, { status: 503 }]);
    const stop = new AbortController();
    const reading = (async () => {
      for await (const chunk of readBlob(client, repository, descriptor, { signal: stop.signal })) {
        void chunk;
        stop.abort();
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
  });
});
