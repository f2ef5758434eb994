import { AppError } from '#shared/errors/app-error.ts';
import { parseByteSize } from './byte-size.ts';
import { readCsvRecord } from './csv.ts';
import { expandWord } from './expand.ts';
import { type SourcePlace, sourceError } from './source-error.ts';
import { suggestionHint } from './suggest.ts';

/** One `--mount` as written: values are words whose variables are expanded only when the step is planned. */
export interface RunMountFlag {
  readonly text: string;
  /** Keys in lower case, in order; the value is null for a bare key such as `ro`. */
  readonly fields: readonly { readonly key: string; readonly value: string | null }[];
  readonly place: SourcePlace;
}

export type CacheSharing = 'shared' | 'private' | 'locked';

/** Owner and mode of what is mounted; null means the default of its type. */
interface MountOwner {
  readonly mode: number | null;
  readonly uid: number | null;
  readonly gid: number | null;
}

/**
 * A mount of RUN with its values resolved. `target` is as written (relative ones belong to WORKDIR); null where the
 * type has a default of its own.
 */
export type RunMount =
  | {
      readonly type: 'bind';
      readonly target: string;
      readonly source: string;
      /** Stage, image or context; null is the build context. */
      readonly from: string | null;
      readonly readonly: boolean;
    }
  | (MountOwner & {
      readonly type: 'cache';
      readonly target: string;
      /** Null: the cleaned target is the id. */
      readonly id: string | null;
      readonly sharing: CacheSharing;
      readonly source: string;
      readonly from: string | null;
      readonly readonly: boolean;
    })
  /** `size` in bytes; null is unlimited. */
  | { readonly type: 'tmpfs'; readonly target: string; readonly size: number | null }
  | (MountOwner & {
      readonly type: 'secret';
      readonly id: string;
      /** Null: `/run/secrets/<id>`, or no file when `env` is given. */
      readonly target: string | null;
      readonly env: string | null;
      readonly required: boolean;
    })
  | (MountOwner & {
      readonly type: 'ssh';
      readonly id: string;
      readonly target: string | null;
      readonly required: boolean;
    });

const TYPES = ['bind', 'cache', 'tmpfs', 'secret', 'ssh'] as const;
type MountType = (typeof TYPES)[number];

/** Every key, its canonical name, and the types that allow it. */
const KEYS: Readonly<Record<string, { readonly name: string; readonly types: readonly MountType[] }>> = {
  type: { name: 'type', types: TYPES },
  target: { name: 'target', types: TYPES },
  dst: { name: 'target', types: TYPES },
  destination: { name: 'target', types: TYPES },
  source: { name: 'source', types: ['bind', 'cache', 'secret'] },
  src: { name: 'source', types: ['bind', 'cache', 'secret'] },
  from: { name: 'from', types: ['bind', 'cache'] },
  readonly: { name: 'readonly', types: TYPES },
  ro: { name: 'readonly', types: TYPES },
  readwrite: { name: 'readwrite', types: TYPES },
  rw: { name: 'readwrite', types: TYPES },
  id: { name: 'id', types: ['bind', 'cache', 'tmpfs', 'secret', 'ssh'] },
  sharing: { name: 'sharing', types: ['cache'] },
  size: { name: 'size', types: ['tmpfs'] },
  env: { name: 'env', types: ['secret'] },
  required: { name: 'required', types: ['secret', 'ssh'] },
  mode: { name: 'mode', types: ['cache', 'secret', 'ssh'] },
  uid: { name: 'uid', types: ['cache', 'secret', 'ssh'] },
  gid: { name: 'gid', types: ['cache', 'secret', 'ssh'] },
};
const BARE_KEYS = new Set(['readonly', 'readwrite', 'required']);

/** Splits a `--mount` value; when it has no variables it is checked as a whole. Throws `dockerfile-invalid`. */
export function readRunMountFlag(text: string, place: SourcePlace, escapeCharacter: string): RunMountFlag {
  const fields = splitFields(text, place).map((field) => {
    const equals = field.indexOf('=');
    if (equals < 0) return { key: field.toLowerCase(), value: null };
    return { key: field.slice(0, equals).toLowerCase(), value: field.slice(equals + 1) };
  });
  const flag = { text, fields, place };
  if (fields.some(({ key, value }) => key === 'from' && value !== null && /\$./.test(value))) {
    const hint = 'Name the image in a stage of its own (FROM $IMAGE AS tools) and mount from that stage.';
    throw sourceError(place, `The mount "${text}" has a variable in from=, which cannot be expanded.`, hint);
  }
  if (!text.includes('$')) {
    resolveRunMount(flag, (word) => expandWord(word, () => undefined, { escape: escapeCharacter, place }));
  }
  return flag;
}

/** The mount with every value expanded by `expandValue` and checked. Throws `dockerfile-invalid`. */
export function resolveRunMount(flag: RunMountFlag, expandValue: (word: string) => string): RunMount {
  const values = new Map<string, string>();
  for (const { key, value } of flag.fields) {
    const known = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
    if (known === undefined) {
      const keys = Object.keys(KEYS);
      throw invalid(
        flag,
        `"${key}" is no option of a mount`,
        suggestionHint(key, keys, `There are ${keys.join(', ')}.`),
      );
    }
    if (value === null && !BARE_KEYS.has(known.name)) {
      throw invalid(flag, `"${key}" has no value`, `Write ${key}=VALUE.`);
    }
    values.set(known.name, value === null ? 'true' : expandValue(value));
    if (known.name === 'readwrite') values.set('readonly', negated(flag, key, values.get('readwrite') ?? ''));
  }
  return build(flag, readType(flag, values.get('type') ?? 'bind'), values);
}

function splitFields(text: string, place: SourcePlace): string[] {
  try {
    return readCsvRecord(text);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw sourceError(place, error.message, error.hint);
  }
}

function readType(flag: RunMountFlag, text: string): MountType {
  const type = TYPES.find((known) => known === text.toLowerCase());
  if (type !== undefined) return type;
  throw invalid(
    flag,
    `"${text}" is no type of mount`,
    suggestionHint(text, TYPES, `There are ${TYPES.join(', ')}.`),
  );
}

function build(flag: RunMountFlag, type: MountType, values: ReadonlyMap<string, string>): RunMount {
  for (const { key } of flag.fields) {
    if (KEYS[key]?.types.includes(type) !== true) {
      throw invalid(
        flag,
        `"${key}" does not belong to a mount of type ${type}`,
        'Remove it, or change the type.',
      );
    }
  }
  const owner = {
    mode: readNumber(flag, values, 'mode', 8),
    uid: readNumber(flag, values, 'uid', 10),
    gid: readNumber(flag, values, 'gid', 10),
  };
  const required = readBoolean(flag, 'required', values.get('required') ?? 'false');
  const from = values.get('from') || null;
  const source = values.get('source') ?? '';
  const target = values.get('target') || null;
  if (type === 'secret') return { type, ...secretNames(flag, values), target, required, ...owner };
  if (type === 'ssh') return { type, id: values.get('id') || 'default', target, required, ...owner };
  const place = requireTarget(flag, type, target);
  if (type === 'tmpfs') return { type, target: place, size: readSize(flag, values.get('size')) };
  const isReadonly = readBoolean(
    flag,
    'readonly',
    values.get('readonly') ?? (type === 'bind' ? 'true' : 'false'),
  );
  if (type === 'bind') return { type, target: place, source, from, readonly: isReadonly };
  const sharing = readSharing(flag, values.get('sharing') ?? 'shared');
  return {
    type,
    target: place,
    id: values.get('id') || null,
    sharing,
    source,
    from,
    readonly: isReadonly,
    ...owner,
  };
}

function requireTarget(flag: RunMountFlag, type: MountType, target: string | null): string {
  if (target === null) throw invalid(flag, `a mount of type ${type} needs a target`, 'Add target=/path.');
  if (/^\/+(\.\/*)*$/.test(target)) throw invalid(flag, 'the target cannot be /', 'Mount below the root.');
  return target;
}

/** The id of a secret: `id` or `source`, else the last part of the target. */
function secretNames(
  flag: RunMountFlag,
  values: ReadonlyMap<string, string>,
): { id: string; env: string | null } {
  const id = values.get('id') || '';
  const source = values.get('source') || '';
  if (id !== '' && source !== '') throw invalid(flag, 'a secret has either id or source', 'Remove source=.');
  const fromTarget = (values.get('target') ?? '').split('/').filter(Boolean).at(-1) ?? '';
  const name = id || source.split('/').filter(Boolean).at(-1) || fromTarget;
  if (name === '') throw invalid(flag, 'a secret needs an id or a target', 'Add id=NAME.');
  return { id: id || name, env: values.get('env') || null };
}

function readSharing(flag: RunMountFlag, text: string): CacheSharing {
  const modes = ['shared', 'private', 'locked'] as const;
  const mode = modes.find((known) => known === text.toLowerCase());
  if (mode !== undefined) return mode;
  throw invalid(
    flag,
    `"${text}" is no way of sharing`,
    suggestionHint(text, modes, `There are ${modes.join(', ')}.`),
  );
}

function readSize(flag: RunMountFlag, text: string | undefined): number | null {
  if (text === undefined) return null;
  const size = parseByteSize(text);
  if (size === null) throw invalid(flag, `"${text}" is no size`, 'Write it like 64m or 1g.');
  return size;
}

function readNumber(
  flag: RunMountFlag,
  values: ReadonlyMap<string, string>,
  key: string,
  base: 8 | 10,
): number | null {
  const text = values.get(key);
  if (text === undefined) return null;
  const number = (base === 8 ? /^[0-7]+$/ : /^[0-9]+$/).test(text) ? Number.parseInt(text, base) : Number.NaN;
  if (number <= 0xffff_ffff) return number;
  throw invalid(
    flag,
    `${key}=${text} is no ${base === 8 ? 'octal ' : ''}number`,
    `Write ${key}=${base === 8 ? '0600' : '1000'}.`,
  );
}

function readBoolean(flag: RunMountFlag, key: string, text: string): boolean {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true;
  if (['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text)) return false;
  throw invalid(flag, `${key}=${text} is neither true nor false`, `Write ${key} or ${key}=false.`);
}

function negated(flag: RunMountFlag, key: string, text: string): string {
  return String(!readBoolean(flag, key, text));
}

function invalid(flag: RunMountFlag, why: string, hint: string | undefined): AppError {
  return sourceError(flag.place, `The mount "${flag.text}" is not valid: ${why}.`, hint);
}
