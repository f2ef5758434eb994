import { decodeName } from './entry-name.ts';
import { malformed } from './header.ts';

/** Keyword prefix under which extended attributes stand in PAX headers (star, GNU tar, Go, libarchive). */
export const XATTR_PREFIX = 'SCHILY.xattr.';

/** The records of one PAX header in order; values are the bytes exactly, a keyword may come twice. */
export type PaxRecords = readonly (readonly [key: string, value: Buffer])[];

/** Decodes `length key=value\n` records. Throws `malformed`. */
export function decodePax(bytes: Buffer): PaxRecords {
  const records: [string, Buffer][] = [];
  for (let at = 0; at < bytes.length; ) {
    // Some writers count the padding into the size of the header.
    if (bytes[at] === 0) break;
    const space = bytes.indexOf(0x20, at);
    const digits = space < 0 ? '' : bytes.toString('latin1', at, Math.min(space, at + 20));
    const length = /^\d{1,15}$/.test(digits) ? Number(digits) : 0;
    const end = at + length;
    const equals = bytes.indexOf(0x3d, space);
    const whole = length > 0 && end <= bytes.length && equals > space + 1 && equals < end;
    if (!whole || bytes[end - 1] !== 0x0a) throw malformed('a PAX record is broken');
    records.push([decodeName(bytes.subarray(space + 1, equals)), bytes.subarray(equals + 1, end - 1)]);
    at = end;
  }
  return records;
}

/** Encodes one record; its length counts its own digits. Text is written as UTF-8. */
export function encodePaxRecord(key: string, content: Uint8Array | string): Buffer {
  const value = typeof content === 'string' ? Buffer.from(content) : content;
  const rest = Buffer.byteLength(key) + value.length + 3;
  let length = rest + String(rest).length;
  if (String(length).length > String(rest).length) length = rest + String(length).length;
  return Buffer.concat([Buffer.from(`${length} ${key}=`), value, Buffer.from('\n')]);
}

/** A PAX time: seconds with an optional fraction, possibly negative. Throws `malformed`. */
export function parsePaxTime(value: Buffer): number {
  const text = value.toString('latin1');
  if (!/^-?\d{1,15}(\.\d*)?$/.test(text)) throw malformed('a PAX time is not a number');
  return Number(text);
}

/** A PAX size or owner: decimal, not negative. Throws `malformed`. */
export function parsePaxInteger(value: Buffer): number {
  const text = value.toString('latin1');
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(Number(text)))
    throw malformed('a PAX number is not a whole number');
  return Number(text);
}
