import type { Socket } from 'node:net';

/**
 * Bytes of one piece of memory. Smaller ones cost more turns of the event loop, larger ones do not stay in a processor's
 * cache until they are hashed and written.
 */
const SIZE = 512 * 1024;

/** A socket goes on in a piece that has room for so many bytes, else in another one. */
const LEAST = 64 * 1024;

/** Pieces that wait for a socket at most; what is more is left to the garbage collector. */
const MOST_WAITING = 16;

interface Piece {
  readonly memory: Buffer;
  /** Bytes that sockets wrote so far. */
  filled: number;
  /** Of these, the bytes that were given back. */
  returned: number;
}

/** By the memory itself, since chunks are views of it. */
const pieces = new WeakMap<ArrayBufferLike, Piece>();

/** Pieces with room that no socket writes to now. */
const waiting: Piece[] = [];

/**
 * How sockets are to read (`onread` of `net.connect` and `tls.connect`): as much as is there, into memory that is used
 * again. A buffer of its own for every 64 KiB, which is what a socket does else, takes longer than the transfer itself,
 * most of it collecting garbage.
 */
export const receiving = {
  buffer: (): Buffer => {
    const piece = waiting.pop() ?? newPiece();
    return piece.memory.subarray(piece.filled);
  },
  callback(this: Socket, length: number, buffer: Uint8Array): boolean {
    const piece = pieces.get(buffer.buffer);
    if (piece !== undefined) {
      piece.filled = buffer.byteOffset + length;
      offer(piece);
    }
    return this.push(buffer.subarray(0, length));
  },
};

/**
 * Says that nobody looks at a chunk of a response any more. Memory is used again when all that was read into it came
 * back, so who keeps a chunk just does not give it back.
 */
export function giveBack(chunk: Uint8Array): void {
  const piece = pieces.get(chunk.buffer);
  if (piece === undefined) return;
  piece.returned += chunk.length;
  if (!hasRoom(piece)) offer(piece);
}

function newPiece(): Piece {
  const piece: Piece = { memory: Buffer.allocUnsafeSlow(SIZE), filled: 0, returned: 0 };
  pieces.set(piece.memory.buffer, piece);
  return piece;
}

function hasRoom(piece: Piece): boolean {
  return SIZE - piece.filled >= LEAST;
}

/** Has the next socket write to a piece, if it may. */
function offer(piece: Piece): void {
  if (!hasRoom(piece)) {
    if (piece.returned < piece.filled) return;
    piece.filled = 0;
    piece.returned = 0;
  }
  if (waiting.length < MOST_WAITING) waiting.push(piece);
}
