import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '#shared/errors/app-error.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { decompressLayer } from '../image/decompress-layer.ts';

/** How an archive is packed. */
export type Packing = 'tar' | 'gzip' | 'zstd' | 'bzip2' | 'xz';

/** As many first bytes of a file tell its packing. */
export const PACKING_HEAD = 512;

/** What the first bytes ({@link PACKING_HEAD}) show: a bare tar by the checksum of its header; null for no archive. */
export function detectPacking(head: Buffer): Packing | null {
  const hex = head.toString('hex', 0, 6);
  if (hex.startsWith('1f8b')) return 'gzip';
  if (hex.startsWith('28b52ffd')) return 'zstd';
  if (hex.startsWith('425a68')) return 'bzip2';
  if (hex.startsWith('fd377a585a00')) return 'xz';
  return isTarHeader(head) ? 'tar' : null;
}

/** Whether a block is a tar header: its checksum is right (POSIX ustar, `chksum` counted as blanks). */
export function isTarHeader(block: Buffer): boolean {
  if (block.length < 512 || block.every((byte) => byte === 0)) return false;
  const stored = Number.parseInt(block.toString('latin1', 148, 156).replaceAll(/[\0 ]/g, ''), 8);
  let sum = 8 * 0x20;
  block.forEach((byte, at) => {
    if (at < 148 || at >= 156) sum += byte;
  });
  return stored === sum;
}

/** The bytes inside a packed file. Throws `malformed` for damaged ones, `cancelled`. */
export function unpackArchive(
  packed: AsyncIterable<Uint8Array>,
  packing: Packing,
  signal: AbortSignal,
): AsyncIterable<Uint8Array> {
  if (packing === 'tar') return packed;
  if (packing === 'gzip') return decompressLayer(packed, MEDIA_TYPE.ociLayerGzip, { signal });
  if (packing === 'zstd') return decompressLayer(packed, MEDIA_TYPE.ociLayerZstd, { signal });
  return throughProgram(packed, packing, signal);
}

/** bzip2 and xz are unpacked by the system's own programs. */
async function* throughProgram(
  packed: AsyncIterable<Uint8Array>,
  program: 'bzip2' | 'xz',
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const child = spawn(program, ['-dc'], { stdio: ['pipe', 'pipe', 'pipe'], signal });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(0, 500);
  });
  const ended = new Promise<Error | null>((resolve) => {
    child.on('error', resolve);
    child.on('close', (code) =>
      resolve(code === 0 ? null : new Error(complaint.trim() || `it ended with code ${code}`)),
    );
  });
  const fed = pipeline(Readable.from(packed), child.stdin).catch(() => undefined);
  yield* child.stdout;
  await fed;
  const failure = await ended;
  if (failure === null) return;
  throw new AppError('malformed', `The archive could not be unpacked by ${program}: ${failure.message}.`, {
    hint: `Check that the file is whole and that ${program} is installed.`,
    cause: failure,
  });
}
