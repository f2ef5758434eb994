import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Download } from '../api/host-context.ts';
import { writeError } from '../platform/file-errors.ts';

/**
 * Writes the download to `path`: under a temporary name beside it first, so that an abort or a full disk leaves
 * what was there. Throws `disk-full`, `read-only`, `permission`, and what opening it throws.
 */
export async function saveDownload(download: Download, path: string, signal: AbortSignal): Promise<void> {
  const content = await download.open(signal);
  const temporary = `${path}.${randomBytes(6).toString('hex')}.part`;
  try {
    await pipeline(content, createWriteStream(temporary, { flags: 'wx' }), { signal });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw writeError(error, path);
  }
}
