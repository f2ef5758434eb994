import { AppError, type ErrorCode } from '#shared/errors/app-error.ts';
import { canonicalReference, familiarReference, type Reference } from '#shared/oci/reference.ts';
import { sentence } from './docker-errors.ts';

interface Meaning {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  /** What happened, before the engine's own words. */
  message(host: string, name: string): string;
  hint(engine: string, host: string): string;
}

/** What engines say when a registry refuses or cannot be reached; the first that fits counts. */
const MEANINGS: readonly Meaning[] = [
  {
    pattern: /toomanyrequests|too many requests|rate limit|\b429\b/i,
    code: 'rate-limited',
    message: (host) => `${host} allows no more requests for now`,
    hint: () => 'Sign in for a higher limit, or try again later.',
  },
  {
    pattern: /server gave HTTP response to HTTPS client/i,
    code: 'tls',
    message: (host) => `${host} speaks plain http`,
    hint: (engine, host) => `Add ${host} to the insecure registries in ${engine}'s settings if you trust it.`,
  },
  {
    pattern: /x509|certificate|tls:/i,
    code: 'tls',
    message: (host) => `The certificate of ${host} is not trusted`,
    hint: (engine) => `Give its certificate authority to ${engine}.`,
  },
  {
    pattern:
      /no basic auth credentials|unauthorized|authentication required|incorrect username or password|\b401\b/i,
    code: 'unauthorized',
    message: (host) => `${host} wants you to sign in`,
    hint: () => 'Sign in under Registries, then try again.',
  },
  {
    pattern: /denied|insufficient_scope|forbidden|\b403\b/i,
    code: 'forbidden',
    message: (_, name) => `You may not use ${name}`,
    hint: () => 'Sign in with an account that may, or check the name of the repository.',
  },
  {
    pattern: /manifest unknown|name unknown|not found|does not exist|no such image|\b404\b/i,
    code: 'not-found',
    message: (_, name) => `There is no ${name}`,
    hint: () => 'Check the name and the tag.',
  },
  {
    pattern:
      /no such host|connection refused|connection reset|timeout|network is unreachable|no route to host|EOF/i,
    code: 'registry-unreachable',
    message: (host) => `${host} cannot be reached`,
    hint: () => 'Check the network and the name of the registry.',
  },
  {
    pattern: /no space left/i,
    code: 'disk-full',
    message: () => 'There is no space left on the disk',
    hint: (engine) => `Free some space where ${engine} keeps its images.`,
  },
];

/** The engine's words about a push or pull as an error of ours; `name` is what was to be moved. */
export function transferError(words: string, reference: Reference, engine: string): AppError {
  const host = reference.domain === 'docker.io' ? 'Docker Hub' : reference.domain;
  const name = familiarReference(reference);
  const meaning = MEANINGS.find(({ pattern }) => pattern.test(words));
  const detail = { kind: 'registry', host: reference.domain, repository: reference.path } as const;
  const cause = new Error(`${canonicalReference(reference)}: ${words}`);
  if (meaning === undefined) {
    return new AppError('registry-error', `${host} did not take part: ${sentence(words)}`, { detail, cause });
  }
  const message = `${meaning.message(host, name)}: ${sentence(words)}`;
  return new AppError(meaning.code, message, { hint: meaning.hint(engine, host), detail, cause });
}
