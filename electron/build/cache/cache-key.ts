import { createHash } from 'node:crypto';
import { hideCredentials } from '#shared/format/hide-credentials.ts';

/**
 * The named parts of a cache key, by name. Names that begin with `arg:` and `env:` are one variable each;
 * `parent` is the file system the step starts from, `sources` the digest of a listing (source-listing.ts).
 */
export type CacheFields = Readonly<Record<string, string>>;

/** The key of a step: sha256 over its fields in order of name, each name and value preceded by its length in bytes. */
export function cacheKey(fields: CacheFields): string {
  const hash = createHash('sha256');
  hash.update('strata-step-1');
  for (const name of Object.keys(fields).sort()) {
    for (const part of [name, fields[name] ?? '']) {
      hash.update(`${Buffer.byteLength(part)}:`);
      hash.update(part);
    }
  }
  return hash.digest('hex');
}

/** The fields without users and passwords of addresses; a digest tells values apart that differ in nothing else. */
export function withoutCredentials(fields: CacheFields): CacheFields {
  const entries = Object.entries(fields);
  if (!entries.some(([, value]) => value.includes('://'))) return fields;
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const shown = hideCredentials(value);
      return [name, shown === value ? value : `${shown} (${digestOf(value)})`];
    }),
  );
}

const SECRET_WORD =
  /(?:^|_)(?:apikey|auth|credential|credentials|key|password|pword|passwd|secret|token)(?:_|$)/i;
const PUBLIC_WORD = /(?:^|_)(?:public|file|version)(?:_|$)/i;

/** Whether a variable of this name may hold a secret, so that its value is kept nowhere. */
export function isSecretName(name: string): boolean {
  return SECRET_WORD.test(name) && !PUBLIC_WORD.test(name);
}

/** A variable's value as a cache field keeps it: a digest where the name says that it is a secret. */
export function variableField(name: string, value: string): string {
  return isSecretName(name) ? digestOf(value) : value;
}

function digestOf(value: string): string {
  return `sha256:${createHash('sha256').update(value).digest('hex')}`;
}
