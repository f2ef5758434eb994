import { AppError } from '#shared/errors/app-error.ts';
import { percentDecoded } from '../../platform/url-credentials.ts';

/** How TLS is spoken to an endpoint. */
export interface EndpointTls {
  /** Folder with ca.pem, cert.pem and key.pem; null to trust what the system trusts and show no certificate. */
  readonly folder: string | null;
  /** Leaves the server's certificate unchecked, as a Docker context may ask. */
  readonly skipVerify: boolean;
}

/** Where an engine's API listens. */
export type Endpoint =
  | { readonly kind: 'socket'; readonly path: string }
  | {
      readonly kind: 'tcp';
      readonly host: string;
      readonly port: number;
      /** Null for plain http. */
      readonly tls: EndpointTls | null;
    }
  | { readonly kind: 'ssh'; readonly destination: string; readonly port: number | null };

/** An endpoint with the place it was read from, in words: "setting", "DOCKER_HOST", "context colima". */
export interface EndpointCandidate {
  readonly endpoint: Endpoint;
  readonly origin: string;
  /** Somebody asked for exactly this one: no other is tried, and its failure is told. */
  readonly explicit: boolean;
}

const PLAIN_PORT = 2375;
const TLS_PORT = 2376;

/**
 * Reads a Docker host as the docker CLI does: `unix://`, `npipe://`, `tcp://`, `http(s)://`, `ssh://`, or the bare
 * path of a socket. `tls` is what the place it was read from says of TLS, null when nothing. Throws `invalid-input`.
 */
export function parseEndpoint(text: string, tls: EndpointTls | null = null): Endpoint {
  if (text.startsWith('unix://')) return socket(text.slice('unix://'.length), text);
  if (text.startsWith('npipe://')) return socket(text.slice('npipe://'.length), text);
  if (text.startsWith('/') || text.startsWith('\\\\')) return socket(text, text);
  const url = readUrl(text);
  if (url.protocol === 'ssh:') {
    const user = url.username === '' ? '' : `${percentDecoded(url.username)}@`;
    // A destination that begins with a dash would be read by ssh as an option.
    if (url.hostname === '' || `${user}${url.hostname}`.startsWith('-')) throw refuse(text);
    return { kind: 'ssh', destination: user + url.hostname, port: url.port === '' ? null : Number(url.port) };
  }
  if (!['tcp:', 'http:', 'https:'].includes(url.protocol) || url.hostname === '') throw refuse(text);
  const wantsTls = tls !== null || url.protocol === 'https:' || url.port === String(TLS_PORT);
  return {
    kind: 'tcp',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (wantsTls ? TLS_PORT : PLAIN_PORT) : Number(url.port),
    tls: wantsTls ? (tls ?? { folder: null, skipVerify: false }) : null,
  };
}

/** An endpoint as people write it: `/var/run/docker.sock`, `tcp://10.0.0.2:2376`, `ssh://me@host`. */
export function formatEndpoint(endpoint: Endpoint): string {
  switch (endpoint.kind) {
    case 'socket':
      return endpoint.path;
    case 'tcp':
      return `tcp://${endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host}:${endpoint.port}`;
    case 'ssh':
      return `ssh://${endpoint.destination}${endpoint.port === null ? '' : `:${endpoint.port}`}`;
  }
}

function socket(path: string, text: string): Endpoint {
  if (path === '') throw refuse(text);
  return { kind: 'socket', path };
}

function readUrl(text: string): URL {
  try {
    return new URL(text.includes('://') ? text : `tcp://${text}`);
  } catch (cause) {
    throw refuse(text, cause);
  }
}

function refuse(text: string, cause?: unknown): AppError {
  return new AppError('invalid-input', `"${text}" is not the address of an engine.`, {
    hint: 'Write it like unix:///var/run/docker.sock, tcp://host:2376 or ssh://user@host.',
    cause,
  });
}
