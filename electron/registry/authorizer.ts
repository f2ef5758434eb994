import { AppError } from '#shared/errors/app-error.ts';
import { type Challenge, parseChallenges, preferredChallenge } from './challenge.ts';
import type { Credential, CredentialLookup, MissingHelper } from './credentials/credential.ts';
import type { Secret } from './credentials/secret.ts';
import type { Endpoint } from './endpoint.ts';
import { raceAbort } from './race.ts';
import { basicHeader, fetchToken, type Token, usernameOf } from './token.ts';
import type { Transport, WireResponse } from './transport.ts';
import { guardUrl } from './url-guard.ts';

/** What a request needs to be allowed to do; the first scope is the needed one. */
export interface Access {
  readonly repository: string | undefined;
  readonly scopes: readonly string[];
}

/** How a request was signed in. */
export interface SignIn {
  readonly kind: 'anonymous' | 'basic' | 'token';
  readonly username: string | undefined;
}

/** The `Authorization` of one request, undefined for none, and who it speaks for. */
export interface Authorization extends SignIn {
  readonly header: string | undefined;
}

/** Signs requests in: remembers each server's challenge and its tokens, renews them, asks for each only once at a time. */
export interface Authorizer {
  authorize(endpoint: Endpoint, access: Access, signal?: AbortSignal): Promise<Authorization>;
  /**
   * Learns from the 401 to a request that was sent with `used`, in its try `round` (from 0); whether it has a chance
   * when it is sent again.
   */
  learn(
    endpoint: Endpoint,
    access: Access,
    response: WireResponse,
    used: Authorization,
    round: number,
  ): Promise<boolean>;
  /** The credential helper for want of which requests to a server are anonymous. */
  missingHelper(endpoint: Endpoint): MissingHelper | undefined;
  /** Forgets tokens and credentials of a registry, or of all: after signing in or out. */
  forget(registry?: string): void;
}

const RENEW_BEFORE_MS = 10_000;
const CREDENTIAL_MS = 60_000;

interface ServerState {
  challenge: Challenge | undefined;
  base: URL | undefined;
  readonly tokens: Map<string, Promise<Token>>;
  readonly fresh: Map<string, Token>;
  readonly extraScopes: Map<string, readonly string[]>;
  readonly credentials: Map<string, { readonly at: number; readonly found: Promise<Credential | null> }>;
  missingHelper: MissingHelper | undefined;
}

/** An authorizer that looks credentials up in `lookup` and sends to token servers by `transport`. */
export function createAuthorizer(lookup: CredentialLookup, transport: Transport): Authorizer {
  const states = new Map<string, ServerState>();
  const stateOf = (endpoint: Endpoint): ServerState => {
    const known = states.get(endpoint.host);
    if (known !== undefined) return known;
    const state = emptyState();
    states.set(endpoint.host, state);
    return state;
  };

  const authorize: Authorizer['authorize'] = async (endpoint, access, signal) => {
    const state = stateOf(endpoint);
    if (state.challenge === undefined) return ANONYMOUS;
    const credential = await findCredential(lookup, state, endpoint, access, signal);
    if (state.challenge.scheme === 'basic') {
      if (credential?.password === undefined) return ANONYMOUS;
      return { header: basicHeader(credential), kind: 'basic', username: credential.username };
    }
    const who = {
      kind: credential === null ? 'anonymous' : 'token',
      username: usernameOf(credential),
    } as const;
    if (credential?.registryToken !== undefined) return { ...who, header: bearer(credential.registryToken) };
    const token = await tokenFor(transport, state, endpoint, access, credential, signal);
    return { ...who, header: bearer(token.value) };
  };

  const learn: Authorizer['learn'] = async (endpoint, access, response, used, round) => {
    const challenge = preferredChallenge(parseChallenges(response.headers('www-authenticate')));
    if (challenge === undefined) return false;
    const state = stateOf(endpoint);
    state.challenge = challenge;
    state.base = response.url;
    const key = keyOf(access);
    const wanted = (challenge.parameters.scope ?? '').split(' ').filter(Boolean);
    const known = [...access.scopes, ...(state.extraScopes.get(key) ?? [])];
    const missing = challenge.scheme === 'bearer' ? wanted.filter((scope) => !isCovered(scope, known)) : [];
    if (missing.length > 0) state.extraScopes.set(key, [...(state.extraScopes.get(key) ?? []), ...missing]);
    if (used.header !== undefined) {
      state.credentials.clear();
      const fresh = state.fresh.get(key);
      // Another request may have renewed the token in the meantime; that one is kept.
      if (fresh !== undefined && used.header === bearer(fresh.value)) state.fresh.delete(key);
    }
    if (missing.length > 0) forgetToken(state, key);
    if (round > 0) return missing.length > 0;
    if (challenge.scheme === 'bearer') return true;
    const credential = await findCredential(lookup, state, endpoint, access);
    // The same password would be refused again.
    return credential?.password !== undefined && basicHeader(credential) !== used.header;
  };

  return {
    authorize,
    learn,
    missingHelper: (endpoint) => states.get(endpoint.host)?.missingHelper,
    forget: (registry) => {
      if (registry === undefined) return states.clear();
      for (const host of [...states.keys()])
        if (host === registry || (registry === 'docker.io' && host === 'registry-1.docker.io'))
          states.delete(host);
    },
  };
}

const ANONYMOUS: Authorization = { header: undefined, kind: 'anonymous', username: undefined };

function emptyState(): ServerState {
  return {
    challenge: undefined,
    base: undefined,
    tokens: new Map(),
    fresh: new Map(),
    extraScopes: new Map(),
    credentials: new Map(),
    missingHelper: undefined,
  };
}

/** Whether `scope` (`type:name:actions`) asks for nothing beyond what `known` asks for already. */
function isCovered(scope: string, known: readonly string[]): boolean {
  const split = (text: string): readonly [name: string, actions: readonly string[]] => {
    const colon = text.lastIndexOf(':');
    return [text.slice(0, colon), text.slice(colon + 1).split(',')];
  };
  const [name, actions] = split(scope);
  return known.some((each) => {
    const [knownName, knownActions] = split(each);
    return knownName === name && actions.every((action) => knownActions.includes(action));
  });
}

function bearer(token: Secret): string {
  return `Bearer ${token.reveal()}`;
}

function forgetToken(state: ServerState, key: string): void {
  state.tokens.delete(key);
  state.fresh.delete(key);
}

function keyOf(access: Access): string {
  return access.scopes.join(' ');
}

/** Credential helpers are slow processes, so what was found is kept for a minute. */
async function findCredential(
  lookup: CredentialLookup,
  state: ServerState,
  endpoint: Endpoint,
  access: Access,
  signal?: AbortSignal,
): Promise<Credential | null> {
  const registry = endpoint.isMirror ? endpoint.host : endpoint.registry;
  const key = access.repository ?? '';
  const known = state.credentials.get(key);
  if (known !== undefined && Date.now() - known.at < CREDENTIAL_MS) return raceAbort(known.found, signal);
  const found = lookup.find(registry, access.repository).then(async (each) => {
    state.missingHelper = each === null ? ((await lookup.missingHelper?.(registry)) ?? undefined) : undefined;
    return each?.credential ?? null;
  });
  state.credentials.set(key, { at: Date.now(), found });
  found.catch(() => state.credentials.delete(key));
  return raceAbort(found, signal);
}

/** One request per scope at a time: who comes while it runs waits for the same token. */
async function tokenFor(
  transport: Transport,
  state: ServerState,
  endpoint: Endpoint,
  access: Access,
  credential: Credential | null,
  signal?: AbortSignal,
): Promise<Token> {
  const key = keyOf(access);
  const fresh = state.fresh.get(key);
  if (fresh !== undefined && fresh.expiresAt - RENEW_BEFORE_MS > Date.now()) return fresh;
  const running = state.tokens.get(key);
  if (running !== undefined) return raceAbort(running, signal);
  const token = requestToken(transport, state, endpoint, access, credential);
  state.tokens.set(key, token);
  const settle = (): void => {
    if (state.tokens.get(key) === token) state.tokens.delete(key);
  };
  token.then((value) => {
    if (state.tokens.get(key) === token) state.fresh.set(key, value);
    settle();
  }, settle);
  return raceAbort(token, signal);
}

async function requestToken(
  transport: Transport,
  state: ServerState,
  endpoint: Endpoint,
  access: Access,
  credential: Credential | null,
): Promise<Token> {
  const parameters = state.challenge?.parameters ?? {};
  const base = state.base ?? new URL(`https://${endpoint.host}/`);
  const realm = new URL(parameters.realm ?? '', base);
  guardUrl(realm, endpoint, base);
  const scopes = [...access.scopes, ...(state.extraScopes.get(keyOf(access)) ?? [])];
  const { registry } = endpoint;
  const { missingHelper } = state;
  const asked = { realm, service: parameters.service, scopes, credential, registry, missingHelper };
  return fetchToken(transport, asked).catch((error: unknown) => {
    throw realm.host === base.host ? error : asTokenServer(error, realm.host, registry);
  });
}

/** A connection that failed to another host than the one people named, with what that host is for. */
function asTokenServer(error: unknown, host: string, registry: string): unknown {
  if (!(error instanceof AppError) || (error.code !== 'registry-unreachable' && error.code !== 'tls'))
    return error;
  const { code, message, detail, cause } = error;
  const hint = `${host} gives the tokens for ${registry}. ${error.hint}`;
  return new AppError(code, message, { hint, detail, cause });
}
