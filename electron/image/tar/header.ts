import { AppError } from '#shared/errors/app-error.ts';
import { decodeName } from './entry-name.ts';

/** Bytes of a tar block: headers are one, bodies are filled up to a multiple. */
export const BLOCK_SIZE = 512;

/** Type flags of POSIX.1-2001 and of GNU tar, as byte values. */
export const TYPE_FLAG = {
  file: 0x30,
  hardlink: 0x31,
  symlink: 0x32,
  char: 0x33,
  block: 0x34,
  directory: 0x35,
  fifo: 0x36,
  contiguous: 0x37,
  /** The NUL of tars older than POSIX. */
  oldFile: 0x00,
  pax: 0x78,
  paxSolaris: 0x58,
  paxGlobal: 0x67,
  gnuLongName: 0x4c,
  gnuLongLink: 0x4b,
  gnuSparse: 0x53,
  gnuVolume: 0x56,
} as const;

/** The fields of one header block as they stand in it, before PAX and GNU extensions. */
export interface RawHeader {
  readonly name: string;
  readonly linkName: string;
  readonly typeFlag: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: number;
  readonly devMajor: number;
  readonly devMinor: number;
}

/** Where a field of the ustar header lies: [offset, length]. */
export const FIELD = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  typeFlag: [156, 1],
  linkName: [157, 100],
  magic: [257, 8],
  devMajor: [329, 8],
  devMinor: [337, 8],
  prefix: [345, 155],
} as const satisfies Record<string, readonly [number, number]>;

/** Decodes the header block at `at`; null when the block is all zeros. Throws `malformed`. */
export function decodeHeader(buffer: Buffer, at: number): RawHeader | null {
  const sums = blockSums(buffer, at);
  if (sums.unsigned === 0) return null;
  checkSums(buffer, at, sums);
  const posix = hasMagic(buffer, at, 'ustar\0');
  const prefix = posix ? text(buffer, at, FIELD.prefix) : '';
  const name = text(buffer, at, FIELD.name);
  const extended = posix || hasMagic(buffer, at, 'ustar ');
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    linkName: text(buffer, at, FIELD.linkName),
    typeFlag: buffer[at + FIELD.typeFlag[0]] ?? 0,
    mode: decodeNumber(buffer, at, FIELD.mode),
    uid: decodeNumber(buffer, at, FIELD.uid),
    gid: decodeNumber(buffer, at, FIELD.gid),
    size: decodeNumber(buffer, at, FIELD.size),
    mtime: decodeNumber(buffer, at, FIELD.mtime),
    devMajor: extended ? decodeNumber(buffer, at, FIELD.devMajor) : 0,
    devMinor: extended ? decodeNumber(buffer, at, FIELD.devMinor) : 0,
  };
}

/** A number field: octal text, or GNU's base-256 with the top bit set. Throws `malformed`. */
export function decodeNumber(
  buffer: Buffer,
  base: number,
  [offset, length]: readonly [number, number],
): number {
  const start = base + offset;
  const end = start + length;
  const first = buffer[start] ?? 0;
  if (first >= 0x80) return decodeBase256(buffer, start, end);
  let at = start;
  while (at < end && (buffer[at] === 0x20 || buffer[at] === 0)) at += 1;
  let value = 0;
  for (; at < end; at += 1) {
    const digit = (buffer[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
  }
  for (; at < end; at += 1)
    if (buffer[at] !== 0x20 && buffer[at] !== 0) throw malformed('a number in a header is not octal');
  return value;
}

function decodeBase256(buffer: Buffer, start: number, end: number): number {
  const first = buffer[start] ?? 0;
  const negative = (first & 0x40) !== 0;
  let value = negative ? (first & 0x7f) - 0x80 : first & 0x7f;
  for (let at = start + 1; at < end; at += 1) value = value * 256 + (buffer[at] ?? 0);
  if (!Number.isSafeInteger(value)) throw malformed('a number in a header is too large');
  return value;
}

function text(buffer: Buffer, base: number, [offset, length]: readonly [number, number]): string {
  const start = base + offset;
  const nul = buffer.indexOf(0, start);
  const end = nul < 0 || nul > start + length ? start + length : nul;
  return start === end ? '' : decodeName(buffer.subarray(start, end));
}

function hasMagic(buffer: Buffer, at: number, magic: string): boolean {
  for (let index = 0; index < magic.length; index += 1)
    if (buffer[at + FIELD.magic[0] + index] !== magic.charCodeAt(index)) return false;
  return true;
}

interface BlockSums {
  readonly unsigned: number;
  /** As very old tars added it, with signed bytes. */
  readonly signed: number;
}

/** Sums of all bytes of the block, those of the checksum field included. */
function blockSums(buffer: Buffer, at: number): BlockSums {
  let unsigned = 0;
  let high = 0;
  for (let index = at; index < at + BLOCK_SIZE; index += 1) {
    const byte = buffer[index] ?? 0;
    unsigned += byte;
    high += byte >> 7;
  }
  return { unsigned, signed: unsigned - high * 256 };
}

/** The checksum field itself counts as eight spaces. */
function checkSums(buffer: Buffer, at: number, sums: BlockSums): void {
  const [offset, length] = FIELD.checksum;
  let unsigned = sums.unsigned;
  let signed = sums.signed;
  for (let index = at + offset; index < at + offset + length; index += 1) {
    const byte = buffer[index] ?? 0;
    unsigned += 0x20 - byte;
    signed += 0x20 - (byte >= 0x80 ? byte - 256 : byte);
  }
  const stored = decodeNumber(buffer, at, FIELD.checksum);
  if (stored !== unsigned && stored !== signed) throw malformed('the checksum of a header is wrong');
}

/** The `malformed` error of a tar that cannot be read. */
export function malformed(why: string): AppError {
  return new AppError('malformed', `The tar archive is damaged: ${why}.`, {
    hint: 'Fetch or create it again; it may be cut off or not be a tar at all.',
  });
}
