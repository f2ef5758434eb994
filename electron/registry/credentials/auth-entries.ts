import { isWireObject, type WireObject } from '#shared/oci/wire.ts';
import { normalizeRegistry } from '../endpoint.ts';
import type { Credential } from './credential.ts';
import { Secret } from './secret.ts';

/** The key under which Docker keeps the sign-in of Docker Hub. */
export const HUB_KEY = 'https://index.docker.io/v1/';

/** The parts of a Docker or Podman auth file that name credentials. */
export interface AuthFile {
  /** Key as it stands in the file to its entry. */
  readonly auths: Readonly<Record<string, WireObject>>;
  /** Registry to the helper that keeps its credential. */
  readonly helpers: Readonly<Record<string, string>>;
  /** The helper for all other registries. */
  readonly store: string | undefined;
}

/** Reads `auths`, `credHelpers` and `credsStore`; what is of another shape counts as absent. */
export function readAuthFile(document: unknown): AuthFile {
  const file = isWireObject(document) ? document : {};
  const auths = Object.entries(isWireObject(file.auths) ? file.auths : {}).filter(
    (entry): entry is [string, WireObject] => isWireObject(entry[1]),
  );
  const helpers = Object.entries(isWireObject(file.credHelpers) ? file.credHelpers : {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
  );
  const store = typeof file.credsStore === 'string' && file.credsStore !== '' ? file.credsStore : undefined;
  return { auths: Object.fromEntries(auths), helpers: Object.fromEntries(helpers), store };
}

/**
 * A key in its one spelling: `host` or `host/path`. Keys with a scheme are addresses of old (`https://host/v1/`), whose
 * path means nothing. Null for a key that names no registry.
 */
export function normalizeKey(key: string): string | null {
  const hasScheme = /^https?:\/\//i.test(key);
  const bare = key.replace(/^https?:\/\//i, '').replace(/\/+$/, '');
  const slash = bare.indexOf('/');
  const host = slash < 0 ? bare : bare.slice(0, slash);
  const path = slash < 0 || hasScheme || /^v[12]$/.test(bare.slice(slash + 1)) ? '' : bare.slice(slash + 1);
  try {
    const registry = normalizeRegistry(host);
    return path === '' ? registry : `${registry}/${path}`;
  } catch {
    return null;
  }
}

/** The keys that speak for a repository, the most specific first: `host/a/b`, `host/a`, `host`. */
export function keysFor(registry: string, repository: string | undefined): readonly string[] {
  const parts = repository === undefined ? [] : repository.split('/');
  const paths = parts.map((_, index) => `${registry}/${parts.slice(0, parts.length - index).join('/')}`);
  return [...paths, registry];
}

/** The credential in an entry, null for an empty one (which Docker writes beside a helper). */
export function credentialOf(entry: WireObject): Credential | null {
  const text = (key: string): string =>
    (typeof entry[key] === 'string' ? entry[key] : '').replace(/\0+$/, '');
  const decoded = Buffer.from(text('auth'), 'base64').toString('utf8').replace(/\0+$/, '');
  const colon = decoded.indexOf(':');
  const username = colon > 0 ? decoded.slice(0, colon) : text('username');
  const password = colon > 0 ? decoded.slice(colon + 1) : text('password');
  const secret = (value: string): Secret | undefined => (value === '' ? undefined : new Secret(value));
  const credential = {
    username: username === '' ? undefined : username,
    password: secret(password),
    identityToken: secret(text('identitytoken')),
    registryToken: secret(text('registrytoken')),
  };
  return credential.password || credential.identityToken || credential.registryToken ? credential : null;
}

/** The entry for `user:password` as Docker writes it. */
export function entryFor(username: string, password: Secret): WireObject {
  return { auth: Buffer.from(`${username}:${password.reveal()}`, 'utf8').toString('base64') };
}

/** The key that Docker uses for a registry. */
export function dockerKey(registry: string): string {
  return registry === 'docker.io' ? HUB_KEY : registry;
}
