/** A part of a blob: `start` inclusive, `end` exclusive. */
export interface BytePart {
  readonly start: number;
  readonly end: number;
}

/**
 * The part that a Range header asks for (RFC 9110, single ranges of bytes): null for the whole, as for a header that
 * is to be ignored, `unsatisfiable` where there is no such part.
 */
export function readRange(header: string | undefined, size: number): BytePart | 'unsatisfiable' | null {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return null;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size };
  }
  const start = Number(first);
  const end = last === '' ? size : Math.min(Number(last) + 1, size);
  return start >= end ? 'unsatisfiable' : { start, end };
}

/** The bytes that a chunk of an upload says it holds (`0-1023`), null where it says nothing or nonsense. */
export function readContentRange(header: string): BytePart | null {
  const [, first, last] = /^(?:bytes[ =])?(\d+)-(\d+)(?:\/(?:\d+|\*))?$/.exec(header) ?? [];
  if (first === undefined || Number(last) < Number(first)) return null;
  return { start: Number(first), end: Number(last) + 1 };
}
