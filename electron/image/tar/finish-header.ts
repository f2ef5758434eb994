import { AppError } from '#shared/errors/app-error.ts';
import type { ExtendedHeader } from './apply-extensions.ts';
import { malformed, TYPE_FLAG } from './header.ts';
import type { TarHeader, TarType } from './tar-entry.ts';

const TYPES = new Map<number, TarType>([
  [TYPE_FLAG.file, 'file'],
  [TYPE_FLAG.oldFile, 'file'],
  [TYPE_FLAG.contiguous, 'file'],
  [TYPE_FLAG.gnuSparse, 'file'],
  [TYPE_FLAG.hardlink, 'hardlink'],
  [TYPE_FLAG.symlink, 'symlink'],
  [TYPE_FLAG.char, 'char'],
  [TYPE_FLAG.block, 'block'],
  [TYPE_FLAG.directory, 'directory'],
  [TYPE_FLAG.fifo, 'fifo'],
]);

/** The entry that an extended header stands for, its fields checked. Throws `malformed` and `unsupported`. */
export function finishHeader(
  raw: ExtendedHeader,
  headerOffset: number,
  bodyOffset: number,
  sparse: boolean,
): TarHeader {
  const type = entryType(raw);
  const isLink = type === 'symlink' || type === 'hardlink';
  const isDevice = type === 'char' || type === 'block';
  return {
    path: raw.path,
    type,
    mode: raw.mode & 0o7777,
    uid: checkOwner(raw.uid),
    gid: checkOwner(raw.gid),
    size: type === 'file' ? raw.size : 0,
    mtime: raw.mtime,
    linkName: isLink ? raw.linkName : '',
    devMajor: isDevice ? raw.devMajor : 0,
    devMinor: isDevice ? raw.devMinor : 0,
    xattrs: raw.xattrs,
    headerOffset,
    bodyOffset,
    sparse,
  };
}

function entryType(raw: ExtendedHeader): TarType {
  const type = TYPES.get(raw.typeFlag);
  if (type === undefined) {
    const flag = JSON.stringify(String.fromCharCode(raw.typeFlag));
    throw new AppError('unsupported', `The tar archive holds an entry of type ${flag}, which is not known.`, {
      hint: 'Write the archive again as POSIX tar, for example with "tar --format=pax".',
    });
  }
  // Before POSIX a directory was a file whose name ends with a slash.
  return type === 'file' && raw.path.endsWith('/') ? 'directory' : type;
}

/** Links and special files have no body, whatever their size field says (as Go and GNU tar read it). */
export function hasNoBody(flag: number): boolean {
  return TYPES.get(flag) !== 'file';
}

function checkOwner(id: number): number {
  if (id < 0 || id > 0xffffffff) throw malformed('an owner is not a user or group number');
  return id;
}
