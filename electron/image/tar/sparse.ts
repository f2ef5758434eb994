import { BLOCK_SIZE, decodeNumber, malformed } from './header.ts';
import { type PaxRecords, parsePaxInteger } from './pax.ts';

/** A piece of a sparse file that is stored; what lies between is zeros. */
export interface SparseSegment {
  readonly offset: number;
  readonly length: number;
}

/** More pieces than a sane file has; bounds memory. */
const MAX_SEGMENTS = 1_000_000;
const OLD_HEADER_SEGMENTS = 4;
const OLD_EXTENSION_SEGMENTS = 21;

/** The four segments of an old GNU sparse header (type `S`) at `at`, its real size, and whether blocks with more follow. */
export function decodeOldSparse(
  buffer: Buffer,
  at: number,
): { segments: SparseSegment[]; more: boolean; realSize: number } {
  return {
    segments: oldSegments(buffer, at + 386, OLD_HEADER_SEGMENTS),
    more: buffer[at + 482] === 1,
    realSize: decodeNumber(buffer, at, [483, 12]),
  };
}

/** The segments of an extension block of an old GNU sparse header. */
export function decodeOldSparseExtension(
  buffer: Buffer,
  at: number,
): { segments: SparseSegment[]; more: boolean } {
  return { segments: oldSegments(buffer, at, OLD_EXTENSION_SEGMENTS), more: buffer[at + 504] === 1 };
}

function oldSegments(buffer: Buffer, at: number, count: number): SparseSegment[] {
  const segments: SparseSegment[] = [];
  for (let index = 0; index < count; index += 1) {
    const start = at + index * 24;
    if (buffer[start] === 0) break;
    segments.push({
      offset: decodeNumber(buffer, start, [0, 12]),
      length: decodeNumber(buffer, start, [12, 12]),
    });
  }
  return segments;
}

/** The map of GNU's PAX formats 0.0 (repeated records) and 0.1 (one list); null when the records hold none. */
export function paxSparseMap(records: PaxRecords): SparseSegment[] | null {
  const list = records.findLast(([key]) => key === 'GNU.sparse.map');
  if (list !== undefined) return pairs(list[1].toString('latin1').split(','));
  const numbers = records.filter(([key]) => key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes');
  return numbers.length === 0 ? null : pairs(numbers.map(([, value]) => value.toString('latin1')));
}

/**
 * Reads the map that stands in front of the stored bytes in GNU's PAX format 1.0, block by block: lines of
 * decimal numbers, the count first, filled up to a whole block.
 */
export class SparseMapReader {
  private readonly numbers: string[] = [];
  private partial = '';

  /** Takes one block; the segments once the map is whole, else null. Throws `malformed`. */
  push(block: Buffer): SparseSegment[] | null {
    const lines = (this.partial + block.toString('latin1')).split('\n');
    this.partial = lines.pop() ?? '';
    for (const line of lines) {
      this.numbers.push(line);
      if (this.numbers.length === 1 && count(line) > MAX_SEGMENTS)
        throw malformed('a sparse map is too long');
      if (this.numbers.length === 1 + count(this.numbers[0] ?? '') * 2) return pairs(this.numbers.slice(1));
    }
    if (this.partial.length > BLOCK_SIZE) throw malformed('a sparse map is broken');
    return null;
  }
}

function count(text: string): number {
  return parsePaxInteger(Buffer.from(text));
}

function pairs(numbers: readonly string[]): SparseSegment[] {
  if (numbers.length % 2 !== 0) throw malformed('a sparse map is broken');
  const segments: SparseSegment[] = [];
  for (let at = 0; at < numbers.length; at += 2)
    segments.push({ offset: count(numbers[at] ?? ''), length: count(numbers[at + 1] ?? '') });
  return segments;
}

/** Checks that the segments rise, stay below `realSize`, and hold `stored` bytes together. Throws `malformed`. */
export function checkSegments(segments: readonly SparseSegment[], stored: number, realSize: number): void {
  if (segments.length > MAX_SEGMENTS) throw malformed('a sparse map is too long');
  let end = 0;
  let total = 0;
  for (const segment of segments) {
    if (segment.offset < end || segment.length < 0) throw malformed('a sparse map is not in order');
    end = segment.offset + segment.length;
    total += segment.length;
  }
  if (end > realSize || total !== stored) throw malformed('a sparse map does not fit its file');
}
