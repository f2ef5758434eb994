import { AppError } from '#shared/errors/app-error.ts';
import { encodeName } from './entry-name.ts';
import { BLOCK_SIZE, FIELD, TYPE_FLAG } from './header.ts';
import { encodePaxRecord, XATTR_PREFIX } from './pax.ts';
import type { TarType } from './tar-entry.ts';

/** What the header of an entry says; fields as in `TarHeader`. */
export interface TarEntryFields {
  /** Clean and relative; a directory's trailing slash is added. `''` is the root, written as `./`. */
  readonly path: string;
  readonly type: TarType;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of body that will follow; must be 0 for all but files. */
  readonly size: number;
  readonly mtime: number;
  readonly linkName?: string | undefined;
  readonly devMajor?: number | undefined;
  readonly devMinor?: number | undefined;
  /** Values are bytes as latin1 text. */
  readonly xattrs?: Readonly<Record<string, string>> | undefined;
}

/** The two empty blocks that end an archive. */
export const TAR_END: Uint8Array = new Uint8Array(2 * BLOCK_SIZE);

const UNCLEAN = /^\/|^\.\/|\/$|\/\//;
const BEYOND_ASCII = /[\u0080-\uffff]/;
const NONE: Readonly<Record<string, string>> = Object.freeze({});
const MAX_OCTAL_7 = 0o7777777;
const MAX_OCTAL_11 = 0o77777777777;
const MAGIC = Buffer.from('ustar\x0000', 'latin1');
/** Tars made before PAX was common would extract this as a file of that name; readers know it from Python. */
const PAX_NAME = Buffer.from('././@PaxHeader');

/** Bytes of zeros that follow a body of `size` bytes. */
export function tarPadding(size: number): number {
  return (BLOCK_SIZE - (size % BLOCK_SIZE)) % BLOCK_SIZE;
}

/**
 * The header blocks of an entry: ustar where it fits, else a PAX header before it. The same fields always give
 * the same bytes: no user names, no access or change times, xattrs sorted. Throws `invalid-input`.
 */
export function encodeEntryHeader(entry: TarEntryFields): Uint8Array {
  checkFields(entry);
  const name = storedName(entry);
  const link = entry.linkName ?? '';
  const records: Buffer[] = [];
  const block = emptyBlock();

  if (!putName(block, name)) records.push(encodePaxRecord('path', encodeName(name)));
  if (link.length <= FIELD.linkName[1] && isAscii(link)) block.write(link, FIELD.linkName[0], 'latin1');
  else records.push(encodePaxRecord('linkpath', encodeName(link)));
  putOctal(block, FIELD.mode, entry.mode);
  if (!putOctal(block, FIELD.uid, entry.uid)) records.push(encodePaxRecord('uid', String(entry.uid)));
  if (!putOctal(block, FIELD.gid, entry.gid)) records.push(encodePaxRecord('gid', String(entry.gid)));
  if (!putOctal(block, FIELD.size, entry.size)) records.push(encodePaxRecord('size', String(entry.size)));
  if (!putOctal(block, FIELD.mtime, entry.mtime))
    records.push(encodePaxRecord('mtime', paxTime(entry.mtime)));
  putOctal(block, FIELD.devMajor, entry.devMajor ?? 0);
  putOctal(block, FIELD.devMinor, entry.devMinor ?? 0);
  const xattrs = entry.xattrs ?? NONE;
  for (const key of Object.keys(xattrs).sort())
    records.push(encodePaxRecord(XATTR_PREFIX + key, Buffer.from(xattrs[key] ?? '', 'latin1')));

  seal(block, TYPE_FLAG[entry.type]);
  return records.length === 0 ? block : Buffer.concat([encodePaxHeader(records), block]);
}

function encodePaxHeader(records: readonly Buffer[]): Buffer {
  const body = Buffer.concat(records);
  const block = emptyBlock();
  PAX_NAME.copy(block);
  putOctal(block, FIELD.mode, 0);
  putOctal(block, FIELD.uid, 0);
  putOctal(block, FIELD.gid, 0);
  putOctal(block, FIELD.size, body.length);
  putOctal(block, FIELD.mtime, 0);
  seal(block, TYPE_FLAG.pax);
  return Buffer.concat([block, body, Buffer.alloc(tarPadding(body.length))]);
}

function storedName(entry: TarEntryFields): string {
  if (entry.path === '') return './';
  return entry.type === 'directory' ? `${entry.path}/` : entry.path;
}

/** From memory that blocks share: one of its own would take longer to get than to fill. */
function emptyBlock(): Buffer {
  return Buffer.allocUnsafe(BLOCK_SIZE).fill(0);
}

/** Puts a name into the name field, or parted at a slash into prefix and name; false when it does not fit. */
function putName(block: Buffer, name: string): boolean {
  const [nameAt, nameLength] = FIELD.name;
  const [prefixAt, prefixLength] = FIELD.prefix;
  const ascii = isAscii(name);
  if (ascii && name.length <= nameLength) {
    block.write(name, nameAt, 'latin1');
    return true;
  }
  // The last slash that leaves a short enough prefix; a directory's own trailing slash stays in the name.
  const slash = name.lastIndexOf('/', Math.min(prefixLength, name.length - 2));
  if (ascii && slash > 0 && name.length - slash - 1 <= nameLength) {
    block.write(name.slice(0, slash), prefixAt, 'latin1');
    block.write(name.slice(slash + 1), nameAt, 'latin1');
    return true;
  }
  encodeName(name).copy(block, nameAt, 0, nameLength);
  return false;
}

/** Writes zero-filled octal digits with a NUL after them; false, with zero in the field, when it does not fit. */
function putOctal(block: Buffer, [at, length]: readonly [number, number], value: number): boolean {
  const fits = Number.isInteger(value) && value >= 0 && value <= (length === 12 ? MAX_OCTAL_11 : MAX_OCTAL_7);
  let rest = fits ? value : 0;
  for (let digit = at + length - 2; digit >= at; digit -= 1) {
    block[digit] = 0x30 + (rest % 8);
    rest = Math.floor(rest / 8);
  }
  return fits;
}

/** Fills in type, magic and, last, the checksum over all. */
function seal(block: Buffer, typeFlag: number): void {
  block[FIELD.typeFlag[0]] = typeFlag;
  MAGIC.copy(block, FIELD.magic[0]);
  // The checksum field counts as eight spaces.
  let sum = 8 * 0x20;
  for (let at = 0; at < BLOCK_SIZE; at += 1) sum += block[at] ?? 0;
  putOctal(block, [FIELD.checksum[0], FIELD.checksum[1] - 1], sum);
  block[FIELD.checksum[0] + FIELD.checksum[1] - 1] = 0x20;
}

/** Seconds as PAX writes them: never with an exponent, at most nanoseconds. */
function paxTime(seconds: number): string {
  if (Number.isInteger(seconds)) return String(seconds);
  return seconds.toFixed(9).replace(/0+$/, '');
}

function isAscii(text: string): boolean {
  return !BEYOND_ASCII.test(text);
}

function checkFields(entry: TarEntryFields): void {
  const why = fault(entry);
  if (why === null) return;
  throw new AppError(
    'invalid-input',
    `The tar entry ${JSON.stringify(entry.path)} cannot be written: ${why}.`,
  );
}

/** Why an entry cannot be written; null when it can. */
function fault(entry: TarEntryFields): string | null {
  const { path, size, mtime } = entry;
  if (path.includes('\0') || entry.linkName?.includes('\0') === true) return 'a name holds a NUL character';
  if (UNCLEAN.test(path)) return 'its path is not clean';
  if (entry.type !== 'file' && size !== 0) return 'only a file has content';
  if (!isWhole(size) || !isWhole(entry.uid) || !isWhole(entry.gid)) return 'a number of it is not whole';
  if (!isWhole(entry.mode) || entry.mode > 0o7777) return 'its mode has more than permission bits';
  if (Number.isNaN(mtime) || Math.abs(mtime) > 1e15) return 'its time is out of range';
  if (!isDevice(entry.devMajor ?? 0) || !isDevice(entry.devMinor ?? 0)) return 'its device is out of range';
  for (const key of Object.keys(entry.xattrs ?? NONE))
    if (key === '' || /[=\0]/.test(key)) return `the attribute name ${JSON.stringify(key)} is not allowed`;
  return null;
}

function isWhole(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isDevice(value: number): boolean {
  return isWhole(value) && value <= MAX_OCTAL_7;
}
