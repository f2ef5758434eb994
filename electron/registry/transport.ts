import type { Readable } from 'node:stream';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import { basicAuthorization } from '../platform/url-credentials.ts';
import type { Certificates } from './certificates.ts';
import { cancelled, networkError } from './network-errors.ts';
import { type ProxyEnvironment, proxyFor } from './proxy.ts';
import { receiving } from './receive-memory.ts';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One HTTP exchange: nothing is followed, retried or signed in to. */
export interface WireRequest {
  readonly method: Method;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | Readable | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds of silence after which the exchange is given up, before and within the answer. */
  readonly idleMs?: number | undefined;
}

export interface WireResponse {
  readonly status: number;
  readonly url: URL;
  /** Must be read to its end or given to `discard`, else its connection stays taken. */
  readonly body: Readable;
  /** The first value of a header; the name in lower case. */
  header(name: string): string | undefined;
  /** All values of a header. */
  headers(name: string): readonly string[];
}

/** Connections to servers: one pool per origin, with its certificates and its proxy. */
export interface Transport {
  /** Throws `registry-unreachable`, `tls` or `cancelled`. */
  send(request: WireRequest): Promise<WireResponse>;
  /** The next request to `host`, or to any, connects anew, with the certificates of then; running ones end in peace. */
  reconnect(host?: string): void;
  /** Breaks all connections. */
  close(): Promise<void>;
}

export interface TransportOptions {
  readonly certificates: Certificates;
  /** Whether the certificate of a host (with port) need not be verified. */
  readonly isUnverifiedAllowed: (host: string) => boolean;
  readonly environment: ProxyEnvironment;
  readonly userAgent: string;
}

const CONNECT_MS = 15_000;
const IDLE_MS = 60_000;
const CONNECTIONS = 16;

/** A transport over undici. Answers come as they are: no decompression, no cookies, no redirects. */
export function createTransport(options: TransportOptions): Transport {
  const pools = new Map<string, Promise<Dispatcher>>();
  const poolFor = (url: URL): Promise<Dispatcher> => {
    const isUnverified = options.isUnverifiedAllowed(url.host);
    const key = `${url.origin} ${isUnverified}`;
    const known = pools.get(key);
    if (known !== undefined) return known;
    const pool = makePool(url, isUnverified, options);
    pools.set(key, pool);
    pool.catch(() => pools.delete(key));
    return pool;
  };
  const close = async (): Promise<void> => {
    const open = [...pools.values()];
    pools.clear();
    for (const pool of await Promise.allSettled(open))
      if (pool.status === 'fulfilled') await pool.value.destroy();
  };
  return {
    send: async (request) => {
      if (request.signal?.aborted) throw cancelled(request.signal.reason);
      try {
        return await exchange(await poolFor(request.url), request, options.userAgent);
      } catch (error) {
        throw networkError(error, request.url.host, request.signal);
      }
    },
    reconnect: (host) => {
      for (const [key, pool] of pools) {
        if (host !== undefined && new URL(key.split(' ')[0] ?? '').host !== host) continue;
        pools.delete(key);
        pool.then((each) => each.close()).catch(() => undefined);
      }
    },
    close,
  };
}

async function makePool(url: URL, isUnverified: boolean, options: TransportOptions): Promise<Dispatcher> {
  const secureContext =
    url.protocol === 'https:' ? await options.certificates.contextFor(url.host) : undefined;
  const tls = {
    timeout: CONNECT_MS,
    rejectUnauthorized: !isUnverified,
    ...(secureContext === undefined ? {} : { secureContext }),
  };
  const shared = { connections: CONNECTIONS, pipelining: 1, keepAliveTimeout: 10_000 };
  const proxy = proxyFor(url, options.environment);
  if (proxy === null) return new Agent({ ...shared, connect: { ...tls, onread: receiving } });
  const token = basicAuthorization(proxy);
  return new ProxyAgent({
    ...shared,
    uri: proxy.origin,
    proxyTunnel: url.protocol === 'https:',
    requestTls: tls,
    ...(token === undefined ? {} : { token }),
  });
}

async function exchange(pool: Dispatcher, request: WireRequest, userAgent: string): Promise<WireResponse> {
  const idle = request.idleMs ?? IDLE_MS;
  const answer = await pool.request({
    origin: request.url.origin,
    path: request.url.pathname + request.url.search,
    method: request.method,
    headers: { 'accept-encoding': 'identity', 'user-agent': userAgent, ...request.headers },
    body: request.body ?? null,
    signal: request.signal ?? null,
    headersTimeout: idle,
    bodyTimeout: idle,
    // Else the body joins what came in two reads, which copies it.
    highWaterMark: 0,
  });
  // Whoever reads the body sees its errors; one that is given up unread must not end the process.
  answer.body.on('error', () => {});
  const headers = (name: string): readonly string[] => {
    const value = answer.headers[name];
    return value === undefined ? [] : typeof value === 'string' ? [value] : value;
  };
  return {
    status: answer.statusCode,
    url: request.url,
    body: answer.body,
    headers,
    header: (name) => headers(name)[0],
  };
}
