/*
 * What goes over the socket. The terminal sends one line of JSON, then single bytes; the host answers with frames: a
 * byte for the kind, four for the length (big endian), then as many bytes.
 */

/** Kinds of frames that a host sends. */
export const FRAME = {
  /** It builds; from now on the terminal must not. */
  taken: 1,
  /** It does not build; the text says why. */
  declined: 2,
  /** Text for standard output. */
  output: 3,
  /** Text for standard error. */
  complaint: 4,
  /** All was told; the text is the exit code. */
  ended: 5,
} as const;

/** The byte by which a terminal cancels. */
export const CANCEL = 0x63;

const HEADER = 5;

/** One frame as bytes. */
export function encodeFrame(kind: number, text: string): Buffer {
  const length = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(HEADER + length);
  frame[0] = kind;
  frame.writeUInt32BE(length, 1);
  frame.write(text, HEADER);
  return frame;
}

/** Cuts what comes in, however it comes, into frames. The content of a frame that is under way is passed on in parts. */
export class FrameReader {
  readonly #onPart: (kind: number, part: Buffer, isLast: boolean) => void;
  #header = Buffer.alloc(0);
  #missing = 0;

  constructor(onPart: (kind: number, part: Buffer, isLast: boolean) => void) {
    this.#onPart = onPart;
  }

  read(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0) {
      if (this.#header.length < HEADER) {
        const wanted = HEADER - this.#header.length;
        this.#header = Buffer.concat([this.#header, rest.subarray(0, wanted)]);
        rest = rest.subarray(wanted);
        if (this.#header.length < HEADER) return;
        this.#missing = this.#header.readUInt32BE(1);
      }
      const part = rest.subarray(0, this.#missing);
      rest = rest.subarray(part.length);
      this.#missing -= part.length;
      const kind = this.#header[0] ?? 0;
      const isLast = this.#missing === 0;
      if (isLast) this.#header = Buffer.alloc(0);
      if (part.length > 0 || isLast) this.#onPart(kind, part, isLast);
    }
  }
}
