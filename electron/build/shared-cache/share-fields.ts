import { createHash } from 'node:crypto';
import type { CacheFields } from '../cache/cache-key.ts';
import { isSecretName } from '../cache/cache-key.ts';

/**
 * The fields of a cache key as they leave this machine: values of arguments and of the environment, and texts in which
 * they were put in, are digests. Equal fields stay equal, so keys over them tell steps apart as the local ones do.
 */
export function shareFields(fields: CacheFields): CacheFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, isValue(name) ? digest(name, value) : value]),
  );
}

/** Longer texts say no more to a reader. */
const TEXT_LIMIT = 2000;

/** The text of an instruction as written, for words; the values of variables whose name says "secret" are left out. */
export function shareText(keyword: string, source: string): string {
  const shown =
    keyword === 'ENV' || keyword === 'ARG' || keyword === 'LABEL'
      ? source.replace(
          /([A-Za-z0-9_.-]+)=("(?:[^"\\]|\\.)*"|'[^']*'|(?:[^\s\\]|\\.)*)/g,
          (all, name: string) => (isSecretName(name) ? `${name}=…` : all),
        )
      : source;
  // ENV NAME value, the old form.
  const old = /^(\s*ENV\s+)([A-Za-z0-9_]+)\s+\S/i.exec(shown);
  const safe = old?.[2] !== undefined && isSecretName(old[2]) ? `${old[1]}${old[2]} …` : shown;
  return safe.length > TEXT_LIMIT ? `${safe.slice(0, TEXT_LIMIT)}…` : safe;
}

function isValue(name: string): boolean {
  return name === 'instruction' || name.startsWith('arg:') || name.startsWith('env:');
}

/** The name is part of it, so that equal values of two variables do not look alike. */
function digest(name: string, value: string): string {
  return `sha256:${createHash('sha256').update(`${name}\0${value}`).digest('hex')}`;
}
