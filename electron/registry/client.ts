import type { Readable } from 'node:stream';
import { AppError } from '#shared/errors/app-error.ts';
import { type Access, type Authorizer, createAuthorizer, type SignIn } from './authorizer.ts';
import { discard, readErrorText } from './body.ts';
import { type Certificates, createCertificates } from './certificates.ts';
import type { CredentialLookup } from './credentials/credential.ts';
import { type Endpoint, type RegistrySettings, readEndpoints, registryEndpoint } from './endpoint.ts';
import { createLimiter, type Limiter } from './limiter.ts';
import { brokenHandshake, isAbsent, isPlainServer, isTransient } from './network-errors.ts';
import type { ProxyEnvironment } from './proxy.ts';
import type { UploadStyle } from './quirks.ts';
import { raceAbort } from './race.ts';
import { type RateLimit, readRateLimit } from './rate-limit.ts';
import { redirectOf } from './redirect.ts';
import { DEFAULT_RETRY, isHopeless, isRetryStatus, type RetryPolicy, retryDelay, wait } from './retry.ts';
import { createTransport, type Method, type Transport, type WireResponse } from './transport.ts';

export interface RegistryClientOptions {
  readonly credentials: CredentialLookup;
  /** Asked anew for each request, so that a change in Settings counts at once. */
  readonly settings: RegistrySettings | (() => RegistrySettings);
  /** Default: the system's authorities and no folder of certificates. */
  readonly certificates?: Certificates | undefined;
  readonly userAgent?: string | undefined;
  readonly retry?: RetryPolicy | undefined;
  /** Where proxies are named; default: the environment of this process. */
  readonly environment?: ProxyEnvironment | undefined;
  /** Told each text of a `Warning` header once. */
  readonly onWarning?: ((registry: string, text: string) => void) | undefined;
}

/** One request to a registry: signed in, redirected and repeated as needed. */
export interface RegistryRequest {
  readonly endpoint: Endpoint;
  readonly method: Method;
  /** A path below `/v2/`, or an address that the registry named (an upload's location). */
  readonly target: string | URL;
  readonly access: Access;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** A function gives a stream and is called for each try that is made; such a request is not repeated after a failure. */
  readonly body?: Uint8Array | (() => Promise<Readable>) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly idleMs?: number | undefined;
  /** Told before each repetition. */
  readonly onRetry?: ((why: string) => void) | undefined;
  /** Redirects to other hosts are followed unless this is false: then the redirect itself is the answer. */
  readonly followAway?: boolean | undefined;
  /** False: what fails for the moment is not tried again. */
  readonly isRepeated?: boolean | undefined;
}

/** An answer of any status, with how its request was signed in. */
export interface RegistryResponse extends WireResponse {
  readonly signIn: SignIn;
}

/** Speaks the distribution protocol to any number of registries; one per process is enough. */
export interface RegistryClient {
  /** The server of a registry itself. Throws `invalid-input`. */
  endpoint(registry: string): Endpoint;
  /** The servers to read from, in order: mirror first. */
  readEndpoints(registry: string): readonly Endpoint[];
  /** Any status is an answer; throws `registry-unreachable`, `tls`, `unauthorized` (by a token server) or `cancelled`. */
  send(request: RegistryRequest): Promise<RegistryResponse>;
  /** Whether a server is spoken to over plain http, or its certificate is not verified. */
  isPlain(endpoint: Endpoint, signal?: AbortSignal): Promise<boolean>;
  /** The turns for blob transfers with a server, shared by all operations. */
  slots(endpoint: Endpoint): Limiter;
  /** The pulls that a registry said it still allows, undefined where it never told. */
  rateLimit(registry: string): RateLimit | undefined;
  readonly retry: RetryPolicy;
  /** How uploads worked at each host so far. */
  readonly uploadStyles: Map<string, UploadStyle>;
  /** A client of its own with the same settings that signs in by `credentials`; end it too. */
  withCredentials(credentials: CredentialLookup): RegistryClient;
  /** Forgets tokens, credentials and certificates of a registry, or of all. */
  forget(registry?: string): void;
  close(): Promise<void>;
}

const BLOBS_AT_ONCE = 6;
const REDIRECTS = 10;

/** A client with its own connections and tokens; end it with `close`. */
export function createRegistryClient(options: RegistryClientOptions): RegistryClient {
  const settings = (): RegistrySettings =>
    typeof options.settings === 'function' ? options.settings() : options.settings;
  const certificates = options.certificates ?? createCertificates({ folders: [] });
  const transport = createTransport({
    certificates,
    isUnverifiedAllowed: (host) => registryEndpoint(host, settings()).unverifiedAllowed,
    environment: options.environment ?? process.env,
    userAgent: options.userAgent ?? 'strata',
  });
  const authorizer = createAuthorizer(options.credentials, transport);
  const retry = options.retry ?? DEFAULT_RETRY;
  const bases = new Map<string, Promise<URL>>();
  const slots = new Map<string, Limiter>();
  const limits = new Map<string, RateLimit>();
  const warned = new Set<string>();
  const seen = new Set<string>();

  const baseOf = (endpoint: Endpoint): Promise<URL> => {
    if (!endpoint.plainAllowed) return Promise.resolve(new URL(`https://${endpoint.host}/`));
    const known = bases.get(endpoint.host);
    if (known !== undefined) return known;
    const base = findScheme(transport, endpoint);
    bases.set(endpoint.host, base);
    base.catch(() => bases.delete(endpoint.host));
    return base;
  };
  const note = (endpoint: Endpoint, response: WireResponse): void => {
    const limit = readRateLimit(response);
    if (limit !== undefined) limits.set(endpoint.registry, limit);
    for (const value of response.headers('warning')) {
      const text = /^299 \S+ "(.*)"/.exec(value)?.[1];
      if (text === undefined || warned.has(text)) continue;
      warned.add(text);
      options.onWarning?.(endpoint.registry, text);
    }
  };

  return {
    endpoint: (registry) => registryEndpoint(registry, settings()),
    readEndpoints: (registry) => readEndpoints(registry, settings()),
    isPlain: async (endpoint, signal) => {
      if (!endpoint.plainAllowed) return false;
      const base = await raceAbort(baseOf(endpoint), signal);
      return base.protocol === 'http:' || endpoint.unverifiedAllowed;
    },
    retry,
    uploadStyles: new Map(),
    send: (request) =>
      repeat(
        request,
        retry,
        () => seen.has(request.endpoint.host),
        async () => {
          const base = await raceAbort(baseOf(request.endpoint), request.signal);
          try {
            const response = await sendOnce(transport, authorizer, request, base);
            seen.add(request.endpoint.host);
            note(request.endpoint, response);
            return response;
          } catch (error) {
            if (isAbsent(error) || isPlainServer(error)) bases.delete(request.endpoint.host);
            throw error;
          }
        },
      ),
    slots: (endpoint) => {
      const limiter = slots.get(endpoint.host) ?? createLimiter(BLOBS_AT_ONCE);
      slots.set(endpoint.host, limiter);
      return limiter;
    },
    rateLimit: (registry) => limits.get(registry),
    forget: (registry) => {
      authorizer.forget(registry);
      certificates.forget();
      const host = registry === undefined ? undefined : registryEndpoint(registry, settings()).host;
      if (host === undefined) bases.clear();
      else bases.delete(host);
      transport.reconnect(host);
    },
    withCredentials: (credentials) => createRegistryClient({ ...options, credentials }),
    close: () => transport.close(),
  };
}

/**
 * Repeats what failed for the moment. A body that is a stream is sent once, since its sender knows how to go on;
 * a server that refuses connections is waited for only if it answered before (it may be restarting).
 */
async function repeat(
  request: RegistryRequest,
  policy: RetryPolicy,
  isKnown: () => boolean,
  send: () => Promise<RegistryResponse>,
): Promise<RegistryResponse> {
  const isOnce = typeof request.body === 'function' || request.isRepeated === false;
  for (let attempt = 0; ; attempt++) {
    const isLast = isOnce || attempt >= policy.retries;
    let response: RegistryResponse | undefined;
    let why = 'the connection broke';
    try {
      response = await send();
      if (isLast || !isRetryStatus(response.status) || isHopeless(attempt, policy, response)) return response;
      why = response.status === 429 ? 'the registry asks to wait' : `status ${response.status}`;
      await discard(response);
    } catch (error) {
      if (isLast || !isTransient(error) || (isAbsent(error) && !isKnown())) throw error;
    }
    request.onRetry?.(why);
    await wait(retryDelay(attempt, policy, response), request.signal);
  }
}

async function sendOnce(
  transport: Transport,
  authorizer: Authorizer,
  request: RegistryRequest,
  base: URL,
): Promise<RegistryResponse> {
  for (let round = 0; ; round++) {
    const authorization = await authorizer.authorize(request.endpoint, request.access, request.signal);
    const response = await followRedirects(transport, request, base, authorization.header);
    const isOwn = response.url.host === base.host;
    if (response.status === 401 && isOwn && round < 3) {
      if (await authorizer.learn(request.endpoint, request.access, response, authorization, round)) {
        await discard(response);
        continue;
      }
    }
    return { ...response, signIn: { kind: authorization.kind, username: authorization.username } };
  }
}

async function followRedirects(
  transport: Transport,
  request: RegistryRequest,
  base: URL,
  authorization: string | undefined,
): Promise<WireResponse> {
  let url = targetUrl(request, base);
  for (let hops = 0; ; hops++) {
    const isOwn = url.origin === base.origin;
    const headers: Record<string, string> = { ...request.headers };
    if (isOwn && authorization !== undefined) headers.authorization = authorization;
    const body = typeof request.body === 'function' ? await request.body() : request.body;
    const { method, signal, idleMs } = request;
    const response = await transport.send({ method, url, headers, body, signal, idleMs });
    const next = redirectOf(response, request, base);
    if (next === undefined) return response;
    await discard(response);
    if (hops >= REDIRECTS) {
      throw new AppError('registry-error', `${request.endpoint.host} redirects without end.`, {
        detail: { kind: 'registry', host: request.endpoint.registry },
      });
    }
    url = next;
  }
}

function targetUrl(request: RegistryRequest, base: URL): URL {
  return typeof request.target === 'string' ? new URL(`/v2/${request.target}`, base) : request.target;
}

/** Asks a host that may be plain which of both it speaks: https first, http only where TLS meets plain text. */
async function findScheme(transport: Transport, endpoint: Endpoint): Promise<URL> {
  const ask = (base: URL): Promise<WireResponse> =>
    transport.send({ method: 'GET', url: new URL('/v2/', base), headers: {}, idleMs: 15_000 });
  const secure = new URL(`https://${endpoint.host}/`);
  const plain = new URL(`http://${endpoint.host}/`);
  try {
    await discard(await ask(secure));
    return secure;
  } catch (error) {
    const mayBePlain = isPlainServer(error) || (isTransient(error) && !isAbsent(error));
    if (!mayBePlain) throw error;
    const response = await ask(plain);
    const text = await readErrorText(response);
    // A TLS server that broke off the handshake, over a missing client certificate for one, says so in plain text.
    if (response.status === 400 && /https/i.test(text)) throw brokenHandshake(error, endpoint.host);
    return plain;
  }
}
