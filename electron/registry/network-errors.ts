import { AppError, isCancelled } from '#shared/errors/app-error.ts';

const TRANSIENT = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENETDOWN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_ABORTED',
  'UND_ERR_INFO',
]);

const ABSENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
]);

const PLAIN_SERVER = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_HTTP_REQUEST',
  'ERR_SSL_RECORD_LAYER_FAILURE',
]);

const CERTIFICATE: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by itself, not by an authority that this machine trusts',
  SELF_SIGNED_CERT_IN_CHAIN: 'its authority is not one that this machine trusts',
  UNABLE_TO_GET_ISSUER_CERT: 'its authority is not one that this machine trusts',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its authority is not one that this machine trusts',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its authority is not one that this machine trusts',
  CERT_UNTRUSTED: 'its authority is not one that this machine trusts',
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet; check the clock of this machine',
  CERT_REVOKED: 'it has been revoked',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it was issued for another host name',
};

/** The system's, OpenSSL's or undici's code of an error or of what caused it. */
export function networkCode(error: unknown): string | undefined {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; depth++) {
    const code = (current as { code?: unknown }).code;
    if (!(current instanceof AppError) && typeof code === 'string') return code;
    current = current instanceof AggregateError ? current.errors[0] : current.cause;
  }
  return undefined;
}

/** Whether the same request may work in a moment: the connection broke or could not be made. */
export function isTransient(error: unknown): boolean {
  if (isCancelled(error) || isRefusedByProxy(error)) return false;
  return TRANSIENT.has(networkCode(error) ?? '');
}

/** Whether a proxy would not connect to the server, for want of a sign-in or by its rules. */
function isRefusedByProxy(error: unknown): boolean {
  return /Proxy response \(4\d\d\)/.test(textOf(error));
}

/** Whether nothing answers at the address, so that asking again at once has little hope. */
export function isAbsent(error: unknown): boolean {
  return ABSENT.has(networkCode(error) ?? '');
}

/** Why a request is tried again, as it stands beside a layer: what happened, without its full stop. */
export function whyOf(error: unknown): string {
  return error instanceof AppError ? error.message.replace(/\.$/, '') : 'the connection broke';
}

/** Whether a TLS handshake met a server that speaks plain http. */
export function isPlainServer(error: unknown): boolean {
  const code = networkCode(error) ?? '';
  return PLAIN_SERVER.has(code) || (code === 'EPROTO' && /wrong version|http request/i.test(textOf(error)));
}

/** Whether the server's certificate could not be verified. */
export function isCertificateError(error: unknown): boolean {
  return networkCode(error) !== undefined && (networkCode(error) ?? '') in CERTIFICATE;
}

/** The error to throw when a request to `host` failed below HTTP, in plain words. */
export function networkError(error: unknown, host: string, signal?: AbortSignal): AppError {
  if (signal?.aborted) return cancelled(signal.reason);
  if (error instanceof AppError) return error;
  const code = networkCode(error);
  return certificateError(error, code, host) ?? connectionError(error, code, host);
}

/** The error that stands for an aborted signal. */
export function cancelled(cause?: unknown): AppError {
  return cause instanceof AppError ? cause : new AppError('cancelled', 'It was cancelled.', { cause });
}

function certificateError(error: unknown, code: string | undefined, host: string): AppError | undefined {
  const detail = { kind: 'registry', host, reason: reasonOf(error) } as const;
  const why = code === undefined ? undefined : CERTIFICATE[code];
  if (why !== undefined) {
    return new AppError('tls', `The certificate of ${host} is not accepted: ${why}.`, {
      hint: `In the app, open Registries, look at its certificate and choose "Trust this certificate". Or put its authority as ca.crt into the folder ~/.docker/certs.d/${host}, or list ${host} as insecure in Settings.`,
      detail,
      cause: error,
    });
  }
  if (isPlainServer(error)) {
    return new AppError('tls', `${host} speaks plain http where https was expected.`, {
      hint: `If that is meant, list ${host} as insecure in Settings.`,
      detail,
      cause: error,
    });
  }
  if (code?.startsWith('ERR_SSL_') || code?.startsWith('ERR_TLS_') || code === 'EPROTO')
    return brokenHandshake(error, host);
  return undefined;
}

/** The error for a server that speaks TLS but breaks it off, as one does that wants a client certificate. */
export function brokenHandshake(error: unknown, host: string): AppError {
  return new AppError('tls', `No secure connection to ${host} could be made: ${textOf(error)}.`, {
    hint: `It may ask for a client certificate: put client.cert and client.key into the folder ~/.docker/certs.d/${host}.`,
    detail: { kind: 'registry', host, reason: reasonOf(error) },
    cause: error,
  });
}

const WORDS: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  ENOTFOUND: ['is not known by that name', 'Check the spelling of the host and the network connection.'],
  EAI_AGAIN: ['could not be looked up', 'Check the network connection and the name server.'],
  ECONNREFUSED: ['does not accept connections', 'Check that the registry runs and that the port is right.'],
  ECONNRESET: [
    'closed the connection',
    'Try again; if it goes on, look at the log of the registry or of a proxy before it.',
  ],
  EPIPE: [
    'closed the connection',
    'Try again; if it goes on, look at the log of the registry or of a proxy before it.',
  ],
  UND_ERR_SOCKET: [
    'closed the connection',
    'Try again; if it goes on, look at the log of the registry or of a proxy before it.',
  ],
  UND_ERR_CONNECT_TIMEOUT: [
    'does not answer',
    'Check the network connection, a firewall and the proxy settings.',
  ],
  ETIMEDOUT: ['does not answer', 'Check the network connection, a firewall and the proxy settings.'],
  UND_ERR_HEADERS_TIMEOUT: ['took too long to answer', 'Try again later.'],
  UND_ERR_BODY_TIMEOUT: ['stopped sending', 'Try again; what arrived is kept.'],
  ENETUNREACH: ['cannot be reached from here', 'Check the network connection.'],
  EHOSTUNREACH: ['cannot be reached from here', 'Check the network connection.'],
};

function connectionError(error: unknown, code: string | undefined, host: string): AppError {
  const detail = { kind: 'registry', host, reason: reasonOf(error) } as const;
  const known = code === undefined ? undefined : WORDS[code];
  if (known !== undefined)
    return new AppError('registry-unreachable', `${host} ${known[0]}.`, {
      hint: known[1],
      detail,
      cause: error,
    });
  if (code?.startsWith('HPE_')) {
    return new AppError('registry-unreachable', `${host} does not speak http.`, {
      hint: 'Check the port: another service, or a registry that wants https, seems to listen there.',
      detail,
      cause: error,
    });
  }
  return new AppError('registry-unreachable', `The connection to ${host} failed: ${textOf(error)}.`, {
    hint: 'Check the network connection and the proxy settings.',
    detail,
    cause: error,
  });
}

/** The innermost text: what the system said, not who passed it on. */
function textOf(error: unknown): string {
  let text = error instanceof Error ? error.name : String(error);
  for (
    let current = error, depth = 0;
    current instanceof Error && depth < 5;
    depth++, current = current.cause
  )
    if (current.message !== '') text = current.message;
  return (text.split('\n')[0] ?? '').slice(0, 200).replace(/\.$/, '');
}

/** What the system said, with its code where the words do not hold it. */
function reasonOf(error: unknown): string {
  const words = textOf(error);
  const code = networkCode(error);
  return code === undefined || words.includes(code) ? words : `${code}: ${words}`;
}
