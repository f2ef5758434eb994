import { createWriteStream } from 'node:fs';
import { chmod, link, lstat, lutimes, mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '#shared/errors/app-error.ts';
import { readTar, type TarEntry } from '../../image/tar/read-tar.ts';
import { cleanEntryPath } from '../../image/tar/safe-path.ts';
import { writeError } from '../../platform/file-errors.ts';
import { linkReaderOf, resolveInRoot } from '../context/resolve-in-root.ts';
import type { EntryAttributes } from '../context-place.ts';

/** The files of an archive in a folder. */
export interface UnpackedContext {
  /** Mode and owner of each clean path as the archive has them: a normal user cannot give them to files. */
  readonly attributes: ReadonlyMap<string, EntryAttributes>;
  /** How many devices, pipes and sockets were left out. */
  readonly leftOut: number;
}

/**
 * Unpacks a tar into an empty folder, links followed inside it only; a path that comes again replaces what was there.
 * Throws `unsafe-archive`, `malformed`, `cancelled` and what writing may cause.
 */
export async function unpackContext(
  tar: AsyncIterable<Uint8Array>,
  folder: string,
  signal: AbortSignal,
): Promise<UnpackedContext> {
  const attributes = new Map<string, EntryAttributes>();
  const folderTimes = new Map<string, number>();
  let leftOut = 0;
  for await (const entry of readTar(tar, { signal })) {
    const path = placeIn(folder, cleanEntryPath(entry.path));
    if (path === '') continue;
    if (!['file', 'directory', 'symlink', 'hardlink'].includes(entry.type)) {
      leftOut += 1;
      continue;
    }
    try {
      await writeEntry(folder, path, entry, signal);
    } catch (error) {
      throw error instanceof AppError ? error : writeError(error, join(folder, path));
    }
    const { type, mode, uid, gid } = entry;
    const mtime = Math.floor(entry.mtime);
    if (type === 'directory') folderTimes.set(path, entry.mtime);
    // The names of one file share what it has; the entry that comes last says it, as for the reference unpacker.
    const shared = type === 'hardlink' ? attributes.get(linkPlace(folder, entry)) : undefined;
    attributes.set(path, Object.assign(shared ?? {}, { mode, uid, gid, mtime }));
  }
  // What was written into a folder has changed its time.
  for (const [path, mtime] of folderTimes) await setTime(join(folder, path), mtime);
  return { attributes, leftOut };
}

/** Where the entry lies when links of folders above it are followed; it itself is none of them. */
function placeIn(folder: string, path: string): string {
  const slash = path.lastIndexOf('/');
  const parent = slash < 0 ? '' : resolveInRoot(path.slice(0, slash), linkReaderOf(folder)).path;
  const name = path.slice(slash + 1);
  return parent === '' ? name : `${parent}/${name}`;
}

async function writeEntry(folder: string, path: string, entry: TarEntry, signal: AbortSignal): Promise<void> {
  const absolute = join(folder, path);
  const { type, mode, mtime, linkName } = entry;
  await mkdir(join(absolute, '..'), { recursive: true });
  if (type === 'directory') {
    await makeFolder(absolute);
    await chmod(absolute, mode | 0o700);
    return;
  }
  await rm(absolute, { recursive: true, force: true });
  if (type === 'symlink') {
    await symlink(linkName, absolute);
    await setTime(absolute, mtime);
  } else if (type === 'hardlink') await linkFile(join(folder, linkPlace(folder, entry)), absolute, entry);
  else {
    // No set-id bits on this machine: what the archive says is kept beside it.
    const body = createWriteStream(absolute, { flags: 'wx', mode: 0o600 });
    await pipeline(Readable.from(entry.body), body, { signal });
    await chmod(absolute, (mode & 0o777) | 0o400);
    await setTime(absolute, mtime);
  }
}

/** Never of where a link leads to. A time that no file here can have stays in the attributes alone. */
async function setTime(absolute: string, mtime: number): Promise<void> {
  await lutimes(absolute, mtime, mtime).catch(() => undefined);
}

async function linkFile(target: string, absolute: string, { mode, mtime }: TarEntry): Promise<void> {
  await link(target, absolute);
  if ((await lstat(absolute)).isSymbolicLink()) return;
  await chmod(absolute, (mode & 0o777) | 0o400);
  await setTime(absolute, mtime);
}

function linkPlace(folder: string, { linkName }: TarEntry): string {
  return placeIn(folder, cleanEntryPath(linkName));
}

/** A folder that comes again stays with what it holds; anything else in its place gives way. */
async function makeFolder(absolute: string): Promise<void> {
  await mkdir(absolute).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    if (await isFolder(absolute)) return;
    await rm(absolute, { force: true });
    await mkdir(absolute);
  });
}

async function isFolder(absolute: string): Promise<boolean> {
  return (await lstat(absolute)).isDirectory();
}
