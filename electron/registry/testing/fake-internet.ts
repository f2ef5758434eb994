import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeAuthority } from './certificate.ts';

/** A request as a handler sees it; its body has arrived. */
export interface FakeRequest {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  readonly isSecure: boolean;
}

export interface FakeAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: Buffer | string;
  /** The connection is broken after this many bytes of the body. */
  readonly breakAfter?: number;
}

export type FakeHandler = (request: FakeRequest) => FakeAnswer | Promise<FakeAnswer>;

/** Any number of hosts by their real names, reached through one proxy on loopback, by http and https. */
export interface FakeInternet {
  /** Address of the proxy. */
  readonly proxy: string;
  /** The authority that signed every host's certificate, PEM. */
  readonly authority: string;
  /** All requests so far, oldest first. */
  readonly requests: FakeRequest[];
  /** `METHOD host/path` of all requests so far. */
  log(): string[];
  host(name: string, handler: FakeHandler): void;
  close(): Promise<void>;
}

/** Starts it; certificates are made for `names` (wildcards too). */
export async function startFakeInternet(names: readonly string[]): Promise<FakeInternet> {
  const folder = await mkdtemp(join(tmpdir(), 'strata-internet-'));
  const authority = makeAuthority(folder);
  const files = authority.sign(
    'hosts',
    names.map((name) => `DNS:${name}`),
  );
  const handlers = new Map<string, FakeHandler>();
  const requests: FakeRequest[] = [];
  const sockets = new Set<Socket>();
  const serve = (isSecure: boolean) => (incoming: IncomingMessage, response: ServerResponse) => {
    void readRequest(incoming, isSecure).then(async (request) => {
      requests.push(request);
      const answer = (await handlers.get(request.host)?.(request)) ?? { status: 502, body: 'no such host' };
      sendAnswer(response, request, answer);
    });
  };
  const secure = createSecureServer(
    { cert: await readFile(files.certificate), key: await readFile(files.key) },
    serve(true),
  );
  const plain = createServer(serve(false));
  plain.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  plain.on('connect', (_request, socket) => {
    socket.on('error', () => undefined);
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    secure.emit('connection', socket);
  });
  secure.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  return {
    proxy: `http://127.0.0.1:${(plain.address() as AddressInfo).port}`,
    authority: authority.pem,
    requests,
    log: () => requests.map(({ method, host, path }) => `${method} ${host}${path}`),
    host: (name, handler) => void handlers.set(name, handler),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => plain.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function readRequest(incoming: IncomingMessage, isSecure: boolean): Promise<FakeRequest> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of incoming) chunks.push(chunk);
  } catch {
    // The client broke off; the handler sees what came.
  }
  const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host}`);
  return {
    method: incoming.method ?? '',
    host: incoming.headers.host ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers as Record<string, string | undefined>,
    body: Buffer.concat(chunks),
    isSecure,
  };
}

function sendAnswer(response: ServerResponse, request: FakeRequest, answer: FakeAnswer): void {
  const body = Buffer.from(answer.body ?? '');
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(answer.headers ?? {}))
    headers[name] = typeof value === 'string' ? value : [...value];
  headers['content-length'] ??= String(body.length);
  response.writeHead(answer.status, headers);
  if (request.method === 'HEAD') response.end();
  else if (answer.breakAfter === undefined) response.end(body);
  else response.write(body.subarray(0, answer.breakAfter), () => response.socket?.destroy());
}
