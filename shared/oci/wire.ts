import { AppError } from '../errors/app-error.ts';
import { decodeUtf8 } from './text.ts';

/** A JSON object as it came from outside: nothing about its fields is known yet. */
export type WireObject = Readonly<Record<string, unknown>>;

/** Whether `value` is a JSON object (no array, no null). */
export function isWireObject(value: unknown): value is WireObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The error for a document that breaks its specification; `what` names the document. */
export function malformed(what: string, why: string, cause?: unknown): AppError {
  return new AppError('malformed', `The ${what} is not valid: ${why}.`, {
    hint: 'It was damaged on its way or written by a faulty tool; fetch or build it again.',
    cause,
  });
}

/** The JSON object in `bytes`, at most `limit` bytes of it; throws `malformed`. */
export function parseWireObject(bytes: Uint8Array, what: string, limit: number): WireObject {
  if (bytes.length > limit)
    throw malformed(what, `it has ${bytes.length} bytes, more than the ${limit} allowed`);
  let value: unknown;
  try {
    value = JSON.parse(decodeUtf8(bytes));
  } catch (cause) {
    throw malformed(what, 'it is not JSON', cause);
  }
  if (!isWireObject(value)) throw malformed(what, 'it is not a JSON object');
  return value;
}

/** Reads fields of one JSON object, with the object's name in each error. Go writes null for "none": so do we read it. */
export interface WireReader {
  text(key: string): string | undefined;
  integer(key: string): number | undefined;
  flag(key: string): boolean | undefined;
  object(key: string): WireObject | undefined;
  list(key: string): readonly unknown[] | undefined;
  texts(key: string): readonly string[] | undefined;
  textMap(key: string): Readonly<Record<string, string>> | undefined;
  readonly fail: (why: string) => AppError;
}

/** A reader over `object`, which is called `what` in errors. */
export function readWire(object: WireObject, what: string): WireReader {
  const fail = (why: string): AppError => malformed(what, why);
  const value = <T>(key: string, kind: string, is: (found: unknown) => found is T): T | undefined => {
    const found = Object.hasOwn(object, key) ? object[key] : undefined;
    if (found === undefined || found === null) return undefined;
    if (!is(found)) throw fail(`"${key}" is not ${kind}`);
    return found;
  };
  return {
    text: (key) => value(key, 'a text', (found) => typeof found === 'string'),
    integer: (key) => value(key, 'a whole number', isWholeNumber),
    flag: (key) => value(key, 'true or false', (found) => typeof found === 'boolean'),
    object: (key) => value(key, 'an object', isWireObject),
    list: (key) => value(key, 'a list', (found) => Array.isArray(found)),
    texts: (key) => value(key, 'a list of texts', isTextList),
    textMap: (key) => value(key, 'a map of texts', isTextMap),
    fail,
  };
}

function isWholeNumber(found: unknown): found is number {
  return Number.isSafeInteger(found);
}

function isTextList(found: unknown): found is readonly string[] {
  return Array.isArray(found) && found.every((item) => typeof item === 'string');
}

function isTextMap(found: unknown): found is Readonly<Record<string, string>> {
  return isWireObject(found) && Object.values(found).every((item) => typeof item === 'string');
}
