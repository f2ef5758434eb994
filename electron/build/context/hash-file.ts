import { createHash, hash } from 'node:crypto';
import { closeSync, constants, openSync, readFileSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Digest } from '#shared/oci/digest.ts';
import { contextReadError } from './context-error.ts';

/** A file that became a link or a pipe since it was listed is neither followed nor waited for. */
const READ_PLAIN_FILE = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const CHUNK_BYTES = 1024 * 1024;

/** The digest with these hex digits. */
export function sha256Digest(hex: string): Digest {
  return `sha256:${hex}` as Digest;
}

/** A file that is small enough to be read at once, `size` bytes when it was listed. Throws `permission` and `not-found`. */
export function readSmallFile(path: string, size: number): Buffer {
  try {
    const file = openSync(path, READ_PLAIN_FILE);
    try {
      // One byte more tells that it did not grow, without another call.
      const content = Buffer.allocUnsafe(size + 1);
      const length = readSync(file, content, 0, content.length, 0);
      return length === size ? content.subarray(0, size) : readFileSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw contextReadError(error, path);
  }
}

/** The sha256 of bytes in hex. */
export function hashBytes(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}

/** The sha256 in hex of a file of any size, read in pieces with pauses between. Throws `permission`, `not-found`. */
export async function hashLargeFile(path: string, signal?: AbortSignal): Promise<string> {
  try {
    const file = await open(path, READ_PLAIN_FILE);
    try {
      const state = createHash('sha256');
      const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
      for (;;) {
        signal?.throwIfAborted();
        const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES);
        if (bytesRead === 0) return state.digest('hex');
        state.update(buffer.subarray(0, bytesRead));
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    throw contextReadError(error, path);
  }
}
