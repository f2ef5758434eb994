import { resolve } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { familiarReference, parseReference, type Reference, withDefaultTag } from '#shared/oci/reference.ts';

/** Where a shared cache lies: under a tag at a registry, or in an OCI layout folder (absolute path). */
export type CachePlace =
  | { readonly kind: 'registry'; readonly reference: Reference }
  | { readonly kind: 'local'; readonly folder: string; readonly tag: string };

/** What `--cache-to` asks for. */
export interface CacheExport {
  readonly place: CachePlace;
  /** `min`: the steps of the image itself; `max`: those of all stages that were built. */
  readonly mode: 'min' | 'max';
  /** False: a build whose cache cannot be written fails. */
  readonly ignoreError: boolean;
}

const FORM = 'type=registry,ref=REGISTRY/NAME:TAG or type=local';

/** Reads a word of `--cache-from`; folders are relative to `base`. Throws `invalid-input`, `unsupported`. */
export function parseCacheFrom(word: string, base: string): CachePlace {
  return placeOf(fieldsOf(word, '--cache-from', ['src']), 'src', word, '--cache-from', base);
}

/** Reads a word of `--cache-to`; folders are relative to `base`. Throws `invalid-input`, `unsupported`. */
export function parseCacheTo(word: string, base: string): CacheExport {
  const fields = fieldsOf(word, '--cache-to', ['dest', 'mode', 'ignore-error']);
  const mode = fields.get('mode') ?? 'min';
  if (mode !== 'min' && mode !== 'max') throw wrong('--cache-to', word, 'mode=min or mode=max');
  const ignored = fields.get('ignore-error') ?? 'true';
  if (ignored !== 'true' && ignored !== 'false')
    throw wrong('--cache-to', word, 'ignore-error=true or ignore-error=false');
  return {
    place: placeOf(fields, 'dest', word, '--cache-to', base),
    mode,
    ignoreError: ignored === 'true',
  };
}

/** The place in words: the reference, or the folder. */
export function describePlace(place: CachePlace): string {
  return place.kind === 'registry' ? familiarReference(place.reference) : place.folder;
}

/** A word whose folder is absolute, so that it means the same wherever it is read. Throws as the parsers do. */
export function absoluteCacheWord(word: string, base: string): string {
  return word.replace(/(^|,)(src|dest)=([^,]*)/g, (_, before: string, name: string, folder: string) => {
    return `${before}${name}=${resolve(base, folder)}`;
  });
}

function fieldsOf(word: string, option: string, own: readonly string[]): Map<string, string> {
  // The short form is a reference alone.
  if (!word.includes('=')) return new Map([['ref', word.trim()]]);
  const known = ['type', 'ref', 'tag', ...own];
  const fields = new Map<string, string>();
  for (const part of word.split(',')) {
    const equals = part.indexOf('=');
    const name = part.slice(0, Math.max(0, equals)).trim().toLowerCase();
    fields.set(name, part.slice(equals + 1).trim());
  }
  refuseOthers(fields.get('type') ?? 'registry', option);
  const odd = [...fields.keys()].find((name) => !known.includes(name));
  if (odd !== undefined) throw wrong(option, word, `${FORM}; "${odd}" is not known`);
  return fields;
}

/** Kinds of BuildKit that need its own format or a service of one host. */
function refuseOthers(type: string, option: string): void {
  if (type === 'registry' || type === 'local') return;
  const why =
    type === 'inline'
      ? 'an inline cache has no room for what explains a rebuild'
      : `a cache of type "${type}" is not one that Strata reads or writes`;
  throw new AppError('unsupported', `${option} cannot be given type=${type}: ${why}.`, {
    hint: `Write ${FORM}: any registry will do, also one that holds the images.`,
  });
}

function placeOf(
  fields: ReadonlyMap<string, string>,
  folderField: 'src' | 'dest',
  word: string,
  option: string,
  base: string,
): CachePlace {
  if (fields.get('type') === 'local') {
    const folder = fields.get(folderField) ?? '';
    if (folder === '') throw wrong(option, word, `type=local,${folderField}=FOLDER`);
    return { kind: 'local', folder: resolve(base, folder), tag: fields.get('tag') ?? 'latest' };
  }
  const ref = fields.get('ref') ?? '';
  if (ref === '') throw wrong(option, word, FORM);
  const reference = parseReference(ref);
  if (reference.digest !== undefined && option === '--cache-to')
    throw wrong(option, word, 'a tag; a digest cannot be written to');
  return {
    kind: 'registry',
    reference: reference.digest === undefined ? withDefaultTag(reference) : reference,
  };
}

function wrong(option: string, word: string, form: string): AppError {
  return new AppError('invalid-input', `"${word}" is not what ${option} takes.`, { hint: `Write ${form}.` });
}
