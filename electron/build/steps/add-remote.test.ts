import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encode, plain } from '../../image/tar/testing/tars.ts';
import { statuses, Workshop } from '../testing/workshop.ts';

interface Page {
  body: Buffer | string;
  etag?: string;
  modified?: string;
  redirect?: string;
  status?: number;
}

let server: Server;
let base = '';
const pages = new Map<string, Page>();
const asked: { path: string; status: number; authorization: string | undefined }[] = [];

function answer(request: IncomingMessage): {
  status: number;
  headers: Record<string, string>;
  body: Buffer | string;
} {
  const page = pages.get(request.url ?? '');
  if (page === undefined) return { status: 404, headers: {}, body: 'nothing' };
  if (page.redirect !== undefined) return { status: 302, headers: { location: page.redirect }, body: '' };
  const headers: Record<string, string> = {};
  if (page.etag !== undefined) headers.etag = page.etag;
  if (page.modified !== undefined) headers['last-modified'] = page.modified;
  const { 'if-none-match': tag, 'if-modified-since': since } = request.headers;
  const same =
    page.etag === undefined ? page.modified !== undefined && since === page.modified : tag === page.etag;
  return same ? { status: 304, headers, body: '' } : { status: page.status ?? 200, headers, body: page.body };
}

let shop: Workshop;
beforeAll(async () => {
  server = createServer((request, response) => {
    const { status, headers, body } = answer(request);
    asked.push({ path: request.url ?? '', status, authorization: request.headers.authorization });
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(async () => {
  pages.clear();
  asked.length = 0;
  shop = await Workshop.open();
});
afterEach(() => shop.close());

const dockerfile = (...lines: string[]) => shop.write({ Dockerfile: ['FROM scratch', ...lines].join('\n') });
const listing = async (built: { record: Parameters<Workshop['listing']>[0] }) => shop.listing(built.record);
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('ADD of an http address', () => {
  it('gives a file of mode 0600 with the time of the server, named by the address in a folder', async () => {
    pages.set('/dir/a%20b.txt?x=1', { body: 'hello', modified: 'Mon, 01 Jan 2024 00:00:00 GMT' });
    await dockerfile(`ADD ${base}/dir/a%20b.txt?x=1 /in/`, `ADD ${base}/dir/a%20b.txt?x=1 /as`);
    const built = await shop.build();
    expect(await listing(built)).toEqual({
      in: 'directory 755 0:0',
      'in/a b.txt': 'file 600 0:0 hello',
      as: 'file 600 0:0 hello',
    });
    expect((await shop.tree(built.record)).get('as')?.entry?.mtime).toBe(Date.UTC(2024, 0, 1) / 1000);
    expect(asked).toHaveLength(1);
  });

  it('takes --chown and --chmod', async () => {
    pages.set('/x', { body: 'x' });
    await dockerfile(`ADD --chown=5:6 --chmod=755 ${base}/x /x`);
    expect(await listing(await shop.build())).toEqual({ x: 'file 755 5:6 x' });
  });

  it('asks each build whether it changed, and hits while it has not', async () => {
    pages.set('/etag', { body: 'one', etag: '"1"' });
    pages.set('/time', { body: 'one', modified: 'Mon, 01 Jan 2024 00:00:00 GMT' });
    pages.set('/none', { body: 'one' });
    await dockerfile(`ADD ${base}/etag ${base}/time ${base}/none /d/`);
    await shop.build();
    asked.length = 0;
    expect(statuses(await shop.build()).at(-1)).toBe('hit');
    expect(asked.map(({ status }) => status)).toEqual([304, 304, 200]);
    pages.set('/etag', { body: 'two', etag: '"2"' });
    const changed = await shop.build();
    expect(changed.steps.at(-1)?.reasons).toMatchObject([{ kind: 'files-changed', paths: [`${base}/etag`] }]);
    expect((await listing(changed))['d/etag']).toBe('file 600 0:0 two');
  });

  it('is an honest unknown in a prediction, and known with a checksum', async () => {
    pages.set('/x', { body: 'x' });
    await dockerfile(`ADD ${base}/x /x`, `ADD --checksum=sha256:${sha256('x')} ${base}/x /y`);
    await shop.build();
    asked.length = 0;
    const [, first, second] = await shop.predict();
    expect(first?.reasons[0]?.detail).toBe(
      `Whether ${base}/x has changed is seen only when the build asks for it.`,
    );
    expect(second?.reasons[0]?.kind).toBe('parent-rebuilt');
    expect(asked).toEqual([]);
    await dockerfile(`ADD --checksum=sha256:${sha256('x')} ${base}/x /x`);
    await shop.build();
    expect(asked).toEqual([]);
    expect((await shop.predict()).at(-1)?.predicted).toBe('hit');
  });

  it('refuses another content than --checksum says', async () => {
    pages.set('/x', { body: 'tampered' });
    await dockerfile(`ADD --checksum=sha256:${sha256('x')} ${base}/x /x`);
    await expect(shop.build()).rejects.toMatchObject({
      code: 'digest-mismatch',
      message: `${base}/x has another content than the Dockerfile says.`,
    });
  });

  it('unpacks an archive with --unpack only', async () => {
    const body = gzipSync(encode([[{ ...plain, path: 'd/f', uid: 3, size: 1 }, Buffer.from('F')]]));
    pages.set('/a.tgz', { body });
    await dockerfile(`ADD --unpack ${base}/a.tgz /u`, `ADD ${base}/a.tgz /p/`);
    const found = await listing(await shop.build());
    expect(Object.keys(found)).toEqual(['u', 'u/d', 'u/d/f', 'p', 'p/a.tgz']);
    expect(found['u/d/f']).toBe('file 644 3:0 F');
  });

  it('follows redirects without taking a secret to another host', async () => {
    const { port } = server.address() as AddressInfo;
    pages.set('/from', { body: '', redirect: `http://localhost:${port}/to` });
    pages.set('/to', { body: 'there' });
    process.env.STRATA_TEST_HEADER = 'Bearer top';
    await dockerfile(`ADD ${base}/from /x`);
    const built = await shop.build({
      secrets: [{ id: 'HTTP_AUTH_HEADER_127.0.0.1', env: 'STRATA_TEST_HEADER' }],
    });
    expect(await listing(built)).toEqual({ x: 'file 600 0:0 there' });
    expect(asked.map(({ authorization }) => authorization)).toEqual(['Bearer top', undefined]);
  });

  it.each([
    ['ADD BASE/gone /x', { code: 'not-found', message: expect.stringContaining('There is nothing at') }],
    [
      'ADD BASE/private /x',
      { code: 'forbidden', hint: expect.stringContaining('HTTP_AUTH_HEADER_127.0.0.1') },
    ],
    [
      'ADD BASE/round /x',
      { code: 'registry-unreachable', message: expect.stringContaining('leads nowhere') },
    ],
    ['ADD http://127.0.0.1:1/x /x', { code: 'registry-unreachable' }],
    ['COPY BASE/x /x', { code: 'dockerfile-invalid', hint: 'Write ADD instead of COPY.' }],
    ['ADD --checksum=md5:1 BASE/x /x', { code: 'dockerfile-invalid' }],
    ['ADD --checksum=sha256:1 BASE/x BASE/y /x/', { code: 'dockerfile-invalid' }],
    ['ADD --checksum=sha256:1 Dockerfile /x/', { code: 'dockerfile-invalid' }],
  ])('%s is refused at its line', async (line, error) => {
    pages.set('/private', { body: '', status: 401 });
    pages.set('/round', { body: '', redirect: '/round' });
    await dockerfile(line.replaceAll('BASE', base));
    await expect(shop.build()).rejects.toMatchObject({
      ...error,
      detail: { kind: 'source', range: { line: 2 } },
    });
  });
});
