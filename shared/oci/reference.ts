import { AppError } from '../errors/app-error.ts';
import { type Digest, isDigest } from './digest.ts';

/**
 * A parsed image reference (distribution/reference, normalised): where, what, and which one. Parse once and
 * pass the object; never split the text again.
 */
export interface Reference {
  /** Registry as it is named, with its port: `docker.io`, `localhost:5000`. */
  readonly domain: string;
  /** Repository path within the registry: `library/nginx`. */
  readonly path: string;
  readonly tag: string | undefined;
  /** Wins over the tag when both are there. */
  readonly digest: Digest | undefined;
}

const DOMAIN =
  /^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/;
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^[\w][\w.-]{0,127}$/;
const IMAGE_ID = /^[a-f0-9]{64}$/;
const DEFAULT_DOMAIN = 'docker.io';
const OFFICIAL = 'library/';

/** Reads a reference as the docker CLI does: `nginx` is `docker.io/library/nginx`. Throws `invalid-input`. */
export function parseReference(text: string): Reference {
  const refuse = (why: string): never => {
    throw new AppError('invalid-input', `"${text}" is not an image reference: ${why}.`, {
      hint: 'Write it like registry.example.com/team/app:1.0, in lower case, or just app:1.0 for Docker Hub.',
    });
  };
  if (text.trim() === '') refuse('it is empty');
  if (IMAGE_ID.test(text)) refuse('64 hex digits alone are an image ID');
  const at = text.indexOf('@');
  const digestText = at < 0 ? undefined : text.slice(at + 1);
  if (digestText !== undefined && !isDigest(digestText)) refuse(`"${digestText}" is not a digest`);
  const named = at < 0 ? text : text.slice(0, at);
  const lastColon = named.lastIndexOf(':');
  const tagged = lastColon > named.lastIndexOf('/');
  const tag = tagged ? named.slice(lastColon + 1) : undefined;
  if (tag !== undefined && !TAG.test(tag))
    refuse(`"${tag}" is not a tag (letters, digits, _ . -, at most 128)`);
  const name = tagged ? named.slice(0, lastColon) : named;
  const { domain, path } = splitDomain(name);
  if (!DOMAIN.test(domain)) refuse(`"${domain}" is not a registry host`);
  if (path === '') refuse('the repository is missing');
  if (/[A-Z]/.test(path)) refuse('a repository must be in lower case');
  for (const part of path.split('/')) if (!COMPONENT.test(part)) refuse(`"${part}" is not a repository name`);
  if (path.length > 255) refuse('the repository is longer than 255 characters');
  return { domain, path, tag, digest: digestText as Digest | undefined };
}

/** The domain is the first component only if it could not be a repository: a dot, a colon, localhost, upper case. */
function splitDomain(name: string): { domain: string; path: string } {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const isDomain =
    slash >= 0 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  let domain = isDomain ? first : DEFAULT_DOMAIN;
  let path = isDomain ? name.slice(slash + 1) : name;
  if (domain === 'index.docker.io') domain = DEFAULT_DOMAIN;
  if (domain === DEFAULT_DOMAIN && !path.includes('/')) path = OFFICIAL + path;
  return { domain, path };
}

/** The same reference with the tag `latest` when it has neither tag nor digest. */
export function withDefaultTag(reference: Reference): Reference {
  return reference.tag === undefined && reference.digest === undefined
    ? { ...reference, tag: 'latest' }
    : reference;
}

/** `domain/path`, without tag and digest. */
export function repositoryName(reference: Reference): string {
  return `${reference.domain}/${reference.path}`;
}

/** The full form: `docker.io/library/nginx:1.27@sha256:…`. Two references are equal when this is. */
export function canonicalReference(reference: Reference): string {
  return repositoryName(reference) + suffix(reference);
}

/** The form people type: `nginx:1.27`. */
export function familiarReference(reference: Reference): string {
  return familiarRepository(reference) + suffix(reference);
}

/**
 * The repository as people type it: `nginx`, `acme/web`, `localhost:5000/web`. In full where the short form would be read
 * as another one: `docker.io/acme.dev/web`.
 */
export function familiarRepository(reference: Reference): string {
  if (reference.domain !== DEFAULT_DOMAIN) return repositoryName(reference);
  const { path } = reference;
  const isOfficial = path.startsWith(OFFICIAL) && !path.slice(OFFICIAL.length).includes('/');
  const short = isOfficial ? path.slice(OFFICIAL.length) : path;
  const isSame = splitDomain(short).domain === DEFAULT_DOMAIN && !IMAGE_ID.test(short);
  return isSame ? short : repositoryName(reference);
}

function suffix(reference: Reference): string {
  const tag = reference.tag === undefined ? '' : `:${reference.tag}`;
  return reference.digest === undefined ? tag : `${tag}@${reference.digest}`;
}
