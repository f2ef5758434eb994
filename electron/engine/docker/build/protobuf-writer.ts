/** The fields of a protobuf message to write: absent values, 0, false, '' and empty bytes are left out (proto3). */
export type ProtobufValues = readonly (readonly [
  number: number,
  value: string | number | bigint | boolean | Uint8Array | undefined,
])[];

const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** Encodes a message. A `Uint8Array` is bytes or an encoded message; numbers are varints. */
export function writeProtobuf(values: ProtobufValues): Buffer {
  const parts: Uint8Array[] = [];
  for (const [number, value] of values) {
    if (value === undefined || value === 0 || value === 0n || value === false || value === '') continue;
    if (typeof value === 'string' || value instanceof Uint8Array) {
      const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
      if (bytes.length === 0) continue;
      parts.push(varint(BigInt(number * 8 + LENGTH_DELIMITED)), varint(BigInt(bytes.length)), bytes);
    } else {
      parts.push(varint(BigInt(number * 8 + VARINT)), varint(BigInt.asUintN(64, BigInt(value))));
    }
  }
  return Buffer.concat(parts);
}

/** An encoded message as a field even when it is empty: its presence means something. */
export function writeEmptyMessage(number: number): Buffer {
  return Buffer.concat([varint(BigInt(number * 8 + LENGTH_DELIMITED)), varint(0n)]);
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
