import { AppError } from '#shared/errors/app-error.ts';

/** One field of a protobuf message as it stands on the wire: number, and its value by wire type. */
export type ProtobufField =
  | { readonly number: number; readonly kind: 'varint'; readonly value: bigint }
  | { readonly number: number; readonly kind: 'bytes'; readonly value: Buffer }
  /** 32 or 64 bits as they are; none of the messages read here has any, newer ones may. */
  | { readonly number: number; readonly kind: 'fixed'; readonly value: Buffer };

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** The fields of a message in their order, unknown ones included (protobuf encoding). Throws `malformed`. */
export function readProtobuf(bytes: Buffer): ProtobufField[] {
  const fields: ProtobufField[] = [];
  let at = 0;
  const take = (length: number): Buffer => {
    if (length > bytes.length - at) throw truncated();
    at += length;
    return bytes.subarray(at - length, at);
  };
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = take(1)[0] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw truncated();
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const number = Math.floor(tag / 8);
    switch (tag % 8) {
      case VARINT:
        fields.push({ number, kind: 'varint', value: varint() });
        break;
      case LENGTH_DELIMITED:
        fields.push({ number, kind: 'bytes', value: take(Number(varint())) });
        break;
      case FIXED64:
        fields.push({ number, kind: 'fixed', value: take(8) });
        break;
      case FIXED32:
        fields.push({ number, kind: 'fixed', value: take(4) });
        break;
      default:
        throw truncated();
    }
  }
  return fields;
}

/** The last text with this field number, '' when there is none. */
export function textField(fields: readonly ProtobufField[], number: number): string {
  return bytesField(fields, number)?.toString('utf8') ?? '';
}

/** The last bytes with this field number, null when there are none. */
export function bytesField(fields: readonly ProtobufField[], number: number): Buffer | null {
  const field = fields.findLast((candidate) => candidate.number === number && candidate.kind === 'bytes');
  return field?.kind === 'bytes' ? field.value : null;
}

/** All messages or texts with this field number, in their order. */
export function repeatedField(fields: readonly ProtobufField[], number: number): Buffer[] {
  return fields.flatMap((field) => (field.number === number && field.kind === 'bytes' ? [field.value] : []));
}

/** The last whole number with this field number, 0 when there is none. */
export function numberField(fields: readonly ProtobufField[], number: number): number {
  const field = fields.findLast((candidate) => candidate.number === number && candidate.kind === 'varint');
  return field?.kind === 'varint' ? Number(BigInt.asIntN(64, field.value)) : 0;
}

function truncated(): AppError {
  return new AppError('malformed', 'The engine sent a message that is cut off or no protobuf.');
}
