const ESCAPE = 0xdc00;
const REPLACEMENT = '\ufffd';
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * The text of a name's bytes: UTF-8, where a byte that is none becomes the lone surrogate U+DC80 to U+DCFF
 * (Python's `surrogateescape`), so that {@link encodeName} gives the same bytes back.
 */
export function decodeName(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.includes(REPLACEMENT) ? decodeCarefully(bytes) : text;
}

/** The bytes of a name that {@link decodeName} read, or of any text. */
export function encodeName(text: string): Buffer {
  if (!LONE_SURROGATE.test(text)) return Buffer.from(text, 'utf8');
  const parts: Buffer[] = [];
  for (const character of text) {
    const code = character.charCodeAt(0);
    const escaped = character.length === 1 && code >= ESCAPE + 0x80 && code <= ESCAPE + 0xff;
    parts.push(escaped ? Buffer.of(code - ESCAPE) : Buffer.from(character, 'utf8'));
  }
  return Buffer.concat(parts);
}

function decodeCarefully(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes[at] ?? 0);
    const piece = bytes.subarray(at, at + length).toString('utf8');
    const valid = length > 0 && Buffer.byteLength(piece) === length && isExact(bytes, at, length, piece);
    text += valid ? piece : String.fromCharCode(ESCAPE + (bytes[at] ?? 0));
    at += valid ? length : 1;
  }
  return text;
}

function isExact(bytes: Buffer, at: number, length: number, piece: string): boolean {
  return at + length <= bytes.length && Buffer.from(piece, 'utf8').equals(bytes.subarray(at, at + length));
}

/** Bytes of the UTF-8 sequence that `first` begins; 0 when it cannot begin one. */
function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2) return 0;
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 3;
  return first < 0xf5 ? 4 : 0;
}
