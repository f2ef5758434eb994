import { AppError } from '#shared/errors/app-error.ts';
import { createLimiter, type Limiter } from '../image/limiter.ts';
import { createAuthorizer } from './authorizer.ts';
import { type Certificates, createCertificates } from './certificates.ts';
import type { CredentialLookup, MissingHelper } from './credentials/credential.ts';
import { type Endpoint, type RegistrySettings, readEndpoints, registryEndpoint } from './endpoint.ts';
import { findScheme } from './find-scheme.ts';
import { isAbsent, isPlainServer } from './network-errors.ts';
import type { ProxyEnvironment } from './proxy.ts';
import { explainProxy } from './proxy-words.ts';
import type { UploadStyle } from './quirks.ts';
import { raceAbort } from './race.ts';
import { type RateLimit, readRateLimit } from './rate-limit.ts';
import type { RegistryRequest, RegistryResponse } from './request.ts';
import { REQUEST_RETRY, type RetryPolicy, TRANSFER_RETRY } from './retry.ts';
import { sendRepeated, sendSignedIn } from './send-request.ts';
import { createTransport, type WireResponse } from './transport.ts';

export interface RegistryClientOptions {
  readonly credentials: CredentialLookup;
  /** Asked anew for each request, so that a change in Settings counts at once. */
  readonly settings: RegistrySettings | (() => RegistrySettings);
  /** Default: the system's authorities and no folder of certificates. */
  readonly certificates?: Certificates | undefined;
  readonly userAgent?: string | undefined;
  /** Default: few tries for single requests, many for transfers. */
  readonly retry?: RetryPolicy | undefined;
  /** Where proxies are named; default: the environment of this process. */
  readonly environment?: ProxyEnvironment | undefined;
  /** Told each text of a `Warning` header once. */
  readonly onWarning?: ((registry: string, text: string) => void) | undefined;
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
  /** The credential helper that is not installed, for want of which a registry was asked as anyone. */
  missingHelper(registry: string): MissingHelper | undefined;
  /** How patiently bytes on their way are tried again; single requests are given up sooner. */
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

/** A client with its own connections and tokens; end it with `close`. */
export function createRegistryClient(options: RegistryClientOptions): RegistryClient {
  const settings = (): RegistrySettings =>
    typeof options.settings === 'function' ? options.settings() : options.settings;
  const certificates = options.certificates ?? createCertificates({ folders: [] });
  const environment = options.environment ?? process.env;
  const transport = createTransport({
    certificates,
    isUnverifiedAllowed: (host) => registryEndpoint(host, settings()).unverifiedAllowed,
    environment,
    userAgent: options.userAgent ?? 'strata',
  });
  const authorizer = createAuthorizer(options.credentials, transport);
  const retry = options.retry ?? TRANSFER_RETRY;
  const bases = new Map<string, Promise<URL>>();
  const slots = new Map<string, Limiter>();
  const limits = new Map<string, RateLimit>();
  const warned = new Set<string>();
  const seen = new Set<string>();

  const baseOf = (endpoint: Endpoint): Promise<URL> => {
    if (!endpoint.plainAllowed) return Promise.resolve(new URL(`https://${endpoint.host}/`));
    const known = bases.get(endpoint.host);
    if (known !== undefined) return known;
    const base = findScheme(transport, endpoint).catch((error: unknown) => {
      throw explainProxy(error, new URL(`https://${endpoint.host}/`), environment);
    });
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
      sendRepeated(
        request,
        request.retry ?? options.retry ?? REQUEST_RETRY,
        () => seen.has(request.endpoint.host),
        async () => {
          const base = await raceAbort(baseOf(request.endpoint), request.signal);
          try {
            const response = await sendSignedIn(transport, authorizer, request, base);
            seen.add(request.endpoint.host);
            note(request.endpoint, response);
            return response;
          } catch (error) {
            if (isAbsent(error) || isPlainServer(error)) bases.delete(request.endpoint.host);
            throw explainProxy(error, placeOf(error, base), environment);
          }
        },
      ),
    slots: (endpoint) => {
      const limiter = slots.get(endpoint.host) ?? createLimiter(BLOBS_AT_ONCE);
      slots.set(endpoint.host, limiter);
      return limiter;
    },
    rateLimit: (registry) => limits.get(registry),
    missingHelper: (registry) => authorizer.missingHelper(registryEndpoint(registry, settings())),
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

/** The server that a connection failed to: the registry's, its token server or its storage. */
function placeOf(error: unknown, base: URL): URL {
  const host = error instanceof AppError && error.detail?.kind === 'registry' ? error.detail.host : base.host;
  return URL.canParse(`${base.protocol}//${host}`) ? new URL(`${base.protocol}//${host}`) : base;
}
