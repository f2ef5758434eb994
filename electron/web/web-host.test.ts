import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Contract } from '#shared/contract/contract.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { createContext } from '../api/create-context.ts';
import type { HostContext } from '../api/host-context.ts';
import { startWebHost, type WebHost } from './web-host.ts';

let folder: string;
let host: WebHost;
let context: HostContext;
const reported: unknown[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strata-web-'));
  await mkdir(join(folder, 'page', 'assets'), { recursive: true });
  await writeFile(join(folder, 'page', 'index.html'), '<!doctype html><title>Page</title>');
  await writeFile(join(folder, 'page', 'assets', 'app-1a2b.js'), 'export {};');
  await writeFile(join(folder, 'page', 'notes.secret'), 'not for the page');
  await writeFile(join(folder, 'outside.html'), 'outside');
  host = await startWebHost({
    port: 0,
    root: join(folder, 'page'),
    createContext: async (port) => {
      context = await createContext({
        host: port,
        home: join(folder, 'home'),
        report: (error) => reported.push(error),
      });
      return context;
    },
  });
});

afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A request with exactly these headers and this path, which `fetch` would tidy up. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: host.port, path, method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => (body += text));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    asked.on('error', reject);
    asked.end();
  });
}

async function signIn(): Promise<string> {
  const { searchParams } = new URL(host.address);
  const answer = await get(`/?token=${searchParams.get('token')}`);
  return answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

function connect(headers: Record<string, string>): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}/rpc`, { headers });
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
}

function ownHeaders(cookie: string): Record<string, string> {
  return { cookie, origin: `http://127.0.0.1:${host.port}` };
}

async function openClient(cookie: string): Promise<{
  client: ContractRouterClient<Contract>;
  socket: WebSocket;
}> {
  const socket = await connect(ownHeaders(cookie));
  // The link asks for a browser's WebSocket; the one of ws has the parts that it uses.
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket });
  return { client: createORPCClient(link), socket };
}

describe('the one-time token', () => {
  it('becomes a cookie that scripts and other sites cannot use', async () => {
    const { searchParams } = new URL(host.address);
    const answer = await get(`/?token=${searchParams.get('token')}`);
    expect(answer.status).toBe(200);
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      new RegExp(`^strata-${host.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
    );
    expect(answer.body).not.toContain(searchParams.get('token'));
  });

  it('works once', async () => {
    const cookie = await signIn();
    const { search } = new URL(host.address);
    expect((await get(`/${search}`)).status).toBe(403);
    expect((await get(`/${search}`, { cookie })).status).toBe(200);
  });

  it.each(['', 'x', 'A'.repeat(43)])('is refused when it is "%s"', async (token) => {
    const answer = await get(`/?token=${token}`);
    expect(answer.status).toBe(403);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });
});

describe('the page', () => {
  it('is served with a strict policy to a browser that is signed in', async () => {
    const answer = await get('/', { cookie: await signIn() });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    const policy = answer.headers['content-security-policy'];
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  it('keeps hashed files for ever and asks again for the others', async () => {
    const cookie = await signIn();
    expect((await get('/assets/app-1a2b.js', { cookie })).headers['cache-control']).toContain('immutable');
    expect((await get('/', { cookie })).headers['cache-control']).toBe('no-cache');
  });

  it.each([
    '/../outside.html',
    '/%2e%2e/outside.html',
    '/..%2foutside.html',
    '/assets/..%2f..%2foutside.html',
    '/..%5coutside.html',
    '/notes.secret',
    '/assets',
    '/%00',
    '/%zz',
    '/nothing.js',
  ])('does not serve %s', async (path) => {
    const answer = await get(path, { cookie: await signIn() });
    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain('outside</');
  });

  it.each([
    ['no cookie', () => ({}), 403],
    ['a made-up cookie', () => ({ cookie: `strata-${host.port}=abc` }), 403],
    ['a foreign name', (cookie: string) => ({ cookie, host: 'evil.example' }), 421],
    [
      'a name that only begins like ours',
      (cookie: string) => ({ cookie, host: 'localhost.evil.example' }),
      421,
    ],
    ['a foreign origin', (cookie: string) => ({ cookie, origin: 'http://evil.example' }), 403],
    ['another program of this machine', (cookie: string) => ({ cookie, origin: 'http://127.0.0.1:1' }), 403],
  ])('is refused to a request with %s', async (_name, headers, status) => {
    expect((await get('/', headers(await signIn()))).status).toBe(status);
  });

  it('answers GET alone', async () => {
    expect((await get('/', { cookie: await signIn() }, 'POST')).status).toBe(405);
  });
});

describe('the WebSocket', () => {
  it('carries the router', async () => {
    const { client } = await openClient(await signIn());
    const info = await client.app.info();
    expect(info).toMatchObject({ host: 'web', dataPath: join(folder, 'home') });
  });

  it('tells errors with their code, what happened and what to do', async () => {
    const { client } = await openClient(await signIn());
    await expect(client.projects.add({ path: '/etc' })).rejects.toMatchObject({
      code: 'FAILED',
      defined: true,
      data: { code: 'forbidden', detail: { kind: 'path', path: '/etc' } },
    });
  });

  it('streams changes until the page goes away', async () => {
    const { client, socket } = await openClient(await signIn());
    const before = context.changes.size;
    const changes = await client.app.changes();
    await client.settings.update({ theme: 'light' });
    expect((await changes.next()).value).toEqual({ topic: 'settings' });
    expect(context.changes.size).toBe(before + 1);
    socket.close();
    await expect.poll(() => context.changes.size).toBe(before);
  });

  it.each([
    ['no cookie', () => ({ origin: `http://127.0.0.1:${host.port}` })],
    ['no origin', (cookie: string) => ({ cookie })],
    ['a foreign origin', (cookie: string) => ({ cookie, origin: 'http://evil.example' })],
    ['the origin of another port', (cookie: string) => ({ cookie, origin: 'http://127.0.0.1:1' })],
    ['a foreign name', (cookie: string) => ({ cookie, host: 'evil.example', origin: 'http://evil.example' })],
  ])('is refused to a request with %s', async (_name, headers) => {
    await expect(connect(headers(await signIn()))).rejects.toThrow('403');
  });

  it('ends when a message is larger than any real one', async () => {
    const socket = await connect(ownHeaders(await signIn()));
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    socket.send('x'.repeat(5 * 1024 * 1024));
    expect(await closed).toBe(1009);
  });
});

describe('downloads', () => {
  it('work once, by an address that cannot be guessed, as an attachment', async () => {
    const cookie = await signIn();
    const { url } = await context.host.offerDownload(
      { name: 'päckage "1".json', size: 5, open: async () => Readable.from([Buffer.from('hello')]) },
      new AbortController().signal,
    );
    expect((await get(url ?? '')).status).toBe(403);
    const answer = await get(url ?? '', { cookie });
    expect(answer).toMatchObject({ status: 200, body: 'hello' });
    expect(answer.headers['content-disposition']).toBe(
      "attachment; filename*=UTF-8''p%C3%A4ckage%20%221%22.json",
    );
    expect((await get(url ?? '', { cookie })).status).toBe(404);
  });

  it('say what went wrong, as text and never as markup', async () => {
    const cookie = await signIn();
    const failure = new AppError('not-found', 'There is no <b>such</b> file.');
    const offered = { name: 'a', open: () => Promise.reject(failure) };
    const { url } = await context.host.offerDownload(offered, new AbortController().signal);
    const answer = await get(url ?? '', { cookie });
    expect([answer.status, answer.body]).toEqual([500, expect.stringContaining('no &#60;b&#62;such')]);
    expect(reported).not.toContain(failure);
  });

  it('answer an error when the content cannot be opened', async () => {
    const cookie = await signIn();
    const failure = new Error('gone');
    const { url } = await context.host.offerDownload(
      { name: 'a', open: () => Promise.reject(failure) },
      new AbortController().signal,
    );
    expect((await get(url ?? '', { cookie })).status).toBe(500);
    expect(reported).toContain(failure);
  });
});

describe('closing', () => {
  it('ends sockets, cancels running work and frees the port', async () => {
    const { client, socket } = await openClient(await signIn());
    await client.app.info();
    const ended = new Promise((resolve) => socket.once('close', resolve));
    let aborted = false;
    const id = context.operations.start({ kind: 'prune', title: 'Long' }, ({ signal }) => {
      return new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => {
          aborted = true;
          reject(signal.reason);
        }),
      );
    });
    await expect.poll(() => context.operations.get(id).state).toBe('running');
    await host.close();
    await ended;
    expect(aborted).toBe(true);
    await expect(get('/')).rejects.toThrow('ECONNREFUSED');
  });
});

it.each([-1, 65536, 1.5, Number.NaN])('refuses %s as a port', async (port) => {
  const starting = startWebHost({ port, root: folder, createContext: async () => context });
  await expect(starting).rejects.toMatchObject({ code: 'invalid-input' });
});

it('says which port is taken when a port was asked for', async () => {
  await expect(
    startWebHost({ port: host.port, root: folder, createContext: async () => context }),
  ).rejects.toMatchObject({ code: 'busy', message: `Port ${host.port} is taken by another program.` });
});
