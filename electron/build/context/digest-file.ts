import { crc32 } from 'node:zlib';
import { createSlice } from '../../platform/yield.ts';
import { type DigestRecords, DigestTable } from './digest-table.ts';

/**
 * The file that keeps content digests between builds, column by column so that it is read without parsing:
 *
 *   0   16 bytes  "strata-digests-1"
 *   16  uint32    count of records
 *   20  uint32    bytes of the paths
 *   24  uint32    CRC-32 of everything from byte 64 on
 *   28  36 bytes  zero
 *   64  5 columns of count float64: size, mtimeMs, ctimeMs, ino, recordedAt
 *   ..  count x 64 bytes: the sha256 in hex
 *   ..  the paths in UTF-8, each ended by a zero byte
 *
 * Numbers are in the byte order of the machine, which alone reads it.
 */
const MAGIC = 'strata-digests-1';
const HEADER_BYTES = 64;
const COLUMNS = 5;
const HEX_BYTES = 64;
/** Records handled between two looks at the clock. */
const BATCH = 1024;

/** The bytes of a digest file, made in slices. */
export async function encodeDigestFile(records: DigestRecords): Promise<Buffer> {
  const count = records.size;
  const numbers = new Float64Array(count * COLUMNS);
  const hexes: Buffer[] = [];
  const paths: Buffer[] = [];
  let hexBatch = '';
  let pathBatch = '';
  let index = 0;
  const slice = createSlice();
  for (const [path, record] of records) {
    if (index === count) break;
    numbers[index] = record.size;
    numbers[count + index] = record.mtimeMs;
    numbers[2 * count + index] = record.ctimeMs;
    numbers[3 * count + index] = record.ino;
    numbers[4 * count + index] = record.recordedAt;
    hexBatch += record.hex;
    pathBatch += `${path}\0`;
    index += 1;
    if (index % BATCH !== 0 && index !== count) continue;
    hexes.push(Buffer.from(hexBatch, 'latin1'));
    paths.push(Buffer.from(pathBatch, 'utf8'));
    hexBatch = '';
    pathBatch = '';
    if (slice.due()) await slice.pause();
  }
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC, 0, 'latin1');
  header.writeUInt32LE(count, 16);
  header.writeUInt32LE(
    paths.reduce((sum, { length }) => sum + length, 0),
    20,
  );
  const bytes = Buffer.concat([header, Buffer.from(numbers.buffer), ...hexes, ...paths]);
  bytes.writeUInt32LE(crc32(bytes.subarray(HEADER_BYTES)), 24);
  return bytes;
}

/** The records in the bytes of a digest file, read in slices; none when it is of another make or damaged. */
export async function decodeDigestFile(bytes: Buffer): Promise<DigestTable> {
  const records = new DigestTable();
  if (bytes.length < HEADER_BYTES || bytes.toString('latin1', 0, 16) !== MAGIC) return records;
  const count = bytes.readUInt32LE(16);
  const numbersEnd = HEADER_BYTES + count * COLUMNS * 8;
  const hexEnd = numbersEnd + count * HEX_BYTES;
  if (bytes.length !== hexEnd + bytes.readUInt32LE(20)) return records;
  if (crc32(bytes.subarray(HEADER_BYTES)) !== bytes.readUInt32LE(24)) return records;
  const start = bytes.byteOffset;
  const numbers = new Float64Array(bytes.buffer.slice(start + HEADER_BYTES, start + numbersEnd));
  const hex = bytes.toString('latin1', numbersEnd, hexEnd);
  const slice = createSlice();
  const paths = bytes.toString('utf8', hexEnd);
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    const end = paths.indexOf('\0', at);
    records.set(paths.slice(at, end), {
      size: numbers[index] ?? Number.NaN,
      mtimeMs: numbers[count + index] ?? Number.NaN,
      ctimeMs: numbers[2 * count + index] ?? Number.NaN,
      ino: numbers[3 * count + index] ?? Number.NaN,
      recordedAt: numbers[4 * count + index] ?? Number.NaN,
      hex: hex.slice(index * HEX_BYTES, (index + 1) * HEX_BYTES),
    });
    at = end + 1;
    if (index % BATCH === BATCH - 1 && slice.due()) await slice.pause();
  }
  return records;
}
