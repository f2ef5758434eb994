import { AppError } from '#shared/errors/app-error.ts';
import { readBody } from './body.ts';
import type { Credential, MissingHelper } from './credentials/credential.ts';
import { Secret } from './credentials/secret.ts';
import { responseError } from './errors.ts';
import type { Transport, WireResponse } from './transport.ts';

/** What to ask a token server for (distribution's token authentication specification). */
export interface TokenRequest {
  readonly realm: URL;
  readonly service: string | undefined;
  /** Needed scope first: some servers read no other. */
  readonly scopes: readonly string[];
  readonly credential: Credential | null;
  /** The registry as references name it, for errors. */
  readonly registry: string;
  readonly missingHelper: MissingHelper | undefined;
}

export interface Token {
  readonly value: Secret;
  /** Milliseconds since the epoch by this machine's clock. */
  readonly expiresAt: number;
}

const CLIENT_ID = 'strata';
const TOKEN_LIMIT = 1024 * 1024;
const LEAST_SECONDS = 60;

/**
 * Asks for a token: with an identity token by POST; with a password by GET, and by POST where the server knows no
 * GET; else anonymously. Throws `unauthorized` where the credential is refused.
 */
export async function fetchToken(
  transport: Transport,
  request: TokenRequest,
  signal?: AbortSignal,
): Promise<Token> {
  const { credential } = request;
  let response: WireResponse;
  if (credential?.identityToken !== undefined) {
    response = await askByPost(transport, request, refreshForm(credential.identityToken), signal);
    if (isUnknownThere(response) && credential.password !== undefined) {
      await readBody(response, TOKEN_LIMIT, signal);
      response = await askByGet(transport, request, signal);
    }
  } else {
    response = await askByGet(transport, request, signal);
    if (isUnknownThere(response) && credential?.password !== undefined) {
      const form = passwordForm(credential.username ?? '', credential.password);
      await readBody(response, TOKEN_LIMIT, signal);
      response = await askByPost(transport, request, form, signal);
    }
  }
  return readToken(response, request, signal);
}

function isUnknownThere({ status }: WireResponse): boolean {
  return status === 404 || status === 405;
}

function askByGet(transport: Transport, request: TokenRequest, signal?: AbortSignal): Promise<WireResponse> {
  const url = new URL(request.realm);
  if (request.service !== undefined) url.searchParams.append('service', request.service);
  for (const scope of request.scopes) url.searchParams.append('scope', scope);
  const { credential } = request;
  const headers: Record<string, string> = {};
  if (credential?.password !== undefined) headers.authorization = basicHeader(credential);
  if (credential?.username && credential.password !== undefined)
    url.searchParams.append('account', credential.username);
  return transport.send({ method: 'GET', url, headers, signal });
}

function askByPost(
  transport: Transport,
  request: TokenRequest,
  form: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<WireResponse> {
  const fields = new URLSearchParams(form);
  if (request.service !== undefined) fields.set('service', request.service);
  if (request.scopes.length > 0) fields.set('scope', request.scopes.join(' '));
  fields.set('client_id', CLIENT_ID);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = Buffer.from(fields.toString());
  return transport.send({ method: 'POST', url: request.realm, headers, body, signal });
}

function refreshForm(token: Secret): Record<string, string> {
  return { grant_type: 'refresh_token', refresh_token: token.reveal() };
}

function passwordForm(username: string, password: Secret): Record<string, string> {
  return { grant_type: 'password', username, password: password.reveal() };
}

/** The value of an `Authorization` header that carries a user name and password. */
export function basicHeader(credential: Credential): string {
  const text = `${credential.username ?? ''}:${credential.password?.reveal() ?? ''}`;
  return `Basic ${new Secret(Buffer.from(text, 'utf8').toString('base64')).reveal()}`;
}

async function readToken(
  response: WireResponse,
  request: TokenRequest,
  signal?: AbortSignal,
): Promise<Token> {
  if (response.status !== 200) {
    const username = usernameOf(request.credential);
    const { registry: host, missingHelper } = request;
    const purpose = { host, what: 'token', action: 'sign-in', username, missingHelper } as const;
    const error = await responseError(response, purpose);
    if (response.status !== 400 || request.credential === null) throw error;
    throw new AppError('unauthorized', error.message, { hint: error.hint, detail: error.detail });
  }
  const bytes = await readBody(response, TOKEN_LIMIT, signal);
  const document = parseObject(bytes);
  const value = document?.token || document?.access_token;
  if (typeof value !== 'string' || value === '' || /[^\x21-\x7e]/.test(value)) {
    throw new AppError('registry-error', `The token server of ${request.registry} sent no token.`, {
      hint: `Check the address it named: ${request.realm.origin}${request.realm.pathname}.`,
      detail: { kind: 'registry', host: request.registry, status: response.status },
    });
  }
  const seconds = Math.max(Number(document?.expires_in) || LEAST_SECONDS, LEAST_SECONDS);
  return { value: new Secret(value), expiresAt: Date.now() + seconds * 1000 };
}

/** The name to show for a credential; a token without a name has its own words. */
export function usernameOf(credential: Credential | null): string | undefined {
  return credential === null ? undefined : credential.username || 'the stored token';
}

function parseObject(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown;
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
