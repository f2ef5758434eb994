import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Why a request is refused. */
export type Refusal = 'host' | 'origin' | 'session';

/**
 * Who may speak to the web host: whoever brought the one-time token got a session cookie, and both Host and
 * Origin name this host. The port may differ, so that an SSH tunnel works.
 */
export class Access {
  readonly #allowedHosts: ReadonlySet<string>;
  readonly #sessions = new Set<string>();
  #token: string | null = newSecret();

  /** `allowedHosts`: names beside those of the loopback interface that a Host header may carry, without port. */
  constructor(allowedHosts: readonly string[] = []) {
    this.#allowedHosts = new Set([...LOOPBACK_NAMES, ...allowedHosts]);
  }

  /** The token that nobody has used yet, null afterwards. */
  get token(): string | null {
    return this.#token;
  }

  /** Takes the one-time token; answers the secret of a new session, null when the token is not right. */
  redeem(token: string): string | null {
    if (this.#token === null || !equalSecrets(token, this.#token)) return null;
    this.#token = null;
    const session = newSecret();
    this.#sessions.add(session);
    return session;
  }

  /** Whether Host names this host: anything else is a foreign name bound to our address. */
  isOwnHost(request: IncomingMessage): boolean {
    return this.#allowedHosts.has(hostName(request.headers.host ?? ''));
  }

  /** Null when the request may read the page. A browser tells Origin only where it matters. */
  refusePage(request: IncomingMessage): Refusal | null {
    if (!this.isOwnHost(request)) return 'host';
    if (request.headers.origin !== undefined && !isSameOrigin(request)) return 'origin';
    return this.#hasSession(request) ? null : 'session';
  }

  /** Null when the request may open a WebSocket; here a browser always tells Origin, so it must. */
  refuseSocket(request: IncomingMessage): Refusal | null {
    if (!this.isOwnHost(request)) return 'host';
    if (!isSameOrigin(request)) return 'origin';
    return this.#hasSession(request) ? null : 'session';
  }

  #hasSession(request: IncomingMessage): boolean {
    const wanted = cookieName(request);
    return cookies(request).some(([name, value]) => name === wanted && this.#isSession(value));
  }

  #isSession(value: string): boolean {
    for (const session of this.#sessions) if (equalSecrets(value, session)) return true;
    return false;
  }
}

/** Cookies are shared by all ports of a host, so the name carries the port the browser sees. */
export function cookieName(request: IncomingMessage): string {
  const port = /:(\d+)$/.exec(request.headers.host ?? '')?.[1] ?? '80';
  return `strata-${port}`;
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

function equalSecrets(given: string, wanted: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(wanted);
  return a.length === b.length && timingSafeEqual(a, b);
}

function hostName(host: string): string {
  return host.replace(/:\d+$/, '').toLowerCase();
}

function isSameOrigin(request: IncomingMessage): boolean {
  return request.headers.origin === `http://${request.headers.host}`;
}

function cookies(request: IncomingMessage): [name: string, value: string][] {
  return (request.headers.cookie ?? '').split(';').map((part) => {
    const at = part.indexOf('=');
    return [part.slice(0, at).trim(), part.slice(at + 1).trim()];
  });
}
