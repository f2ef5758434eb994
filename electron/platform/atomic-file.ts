import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isMissing, writeError } from './file-errors.ts';
import { makeFolders } from './make-folders.ts';
import { createSlice } from './yield.ts';

export interface WriteOptions {
  /** Permission bits, default 0o644. */
  readonly mode?: number;
  /** Wait until the bytes are on the disk; default true. False where the file can be made again. */
  readonly sync?: boolean;
}

/** Up to so many bytes a file is read at once: asking the thread pool four times takes ten times as long. */
const SMALL_BYTES = 64 * 1024;
/** Shared by all, so that thousands of small files let others run between them. */
const slice = createSlice();

/**
 * Writes a file so that a reader finds the old bytes or the new ones, never half: temporary name, sync,
 * rename. Makes missing folders. Throws `disk-full`, `read-only` or `permission`.
 */
export async function writeFileAtomic(
  path: string,
  bytes: Uint8Array | string,
  options: WriteOptions = {},
): Promise<void> {
  const temporary = join(
    dirname(path),
    `.${basename(path).slice(0, 80)}.${randomBytes(6).toString('hex')}.tmp`,
  );
  try {
    if (options.sync === false && bytes.length <= SMALL_BYTES)
      await replaceAtOnce(temporary, path, bytes, options);
    else {
      await writeNew(temporary, bytes, options);
      await rename(temporary, path);
    }
  } catch (error) {
    await rm(temporary, { force: true });
    throw writeError(error, path);
  }
}

/** What need not reach the disk takes less time than to ask the thread pool for it. */
async function replaceAtOnce(
  temporary: string,
  path: string,
  bytes: Uint8Array | string,
  { mode = 0o644 }: WriteOptions,
): Promise<void> {
  if (slice.due()) await slice.pause();
  const write = () => writeFileSync(temporary, bytes, { flag: 'wx', mode });
  try {
    write();
  } catch (error) {
    if (!isMissing(error)) throw error;
    await makeFolders(dirname(path));
    write();
  }
  renameSync(temporary, path);
}

async function writeNew(path: string, bytes: Uint8Array | string, options: WriteOptions): Promise<void> {
  const openNew = () => open(path, 'wx', options.mode ?? 0o644);
  const file = await openNew().catch(async (error) => {
    if (!isMissing(error)) throw error;
    await makeFolders(dirname(path));
    return openNew();
  });
  try {
    await file.writeFile(bytes);
    if (options.sync !== false) await file.datasync();
  } finally {
    await file.close();
  }
}

/** The file's bytes, null when it does not exist. */
export async function readFileIfThere(path: string): Promise<Buffer | null> {
  if (slice.due()) await slice.pause();
  try {
    const file = openSync(path, 'r');
    try {
      if (fstatSync(file).size <= SMALL_BYTES) return readFileSync(file);
    } finally {
      closeSync(file);
    }
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** The JSON in a file, null when it does not exist or is not JSON (a torn write of a foreign tool). */
export async function readJsonIfThere(path: string): Promise<unknown> {
  const bytes = await readFileIfThere(path);
  if (bytes === null) return null;
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return null;
  }
}
