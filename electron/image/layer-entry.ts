import type { LayerEntry } from './layer-index.ts';
import { cleanEntryPath, parseWhiteout } from './tar/safe-path.ts';
import type { TarHeader } from './tar/tar-entry.ts';

/**
 * A tar's entry as a layer means it: path clean, whiteouts told apart; null for AUFS's own bookkeeping.
 * `contentHash` is left to whoever reads the content. Throws `unsafe-archive`.
 */
export function layerEntry(header: TarHeader): LayerEntry | null {
  const path = cleanEntryPath(header.path);
  const whiteout = header.type === 'directory' ? null : parseWhiteout(path);
  if (whiteout?.type === 'ignored') return null;
  const isDevice = header.type === 'char' || header.type === 'block';
  return {
    path: whiteout?.path ?? path,
    type: whiteout?.type ?? header.type,
    mode: header.mode,
    uid: header.uid,
    gid: header.gid,
    size: whiteout === null ? header.size : 0,
    mtime: header.mtime,
    linkTarget: whiteout === null ? linkTarget(header) : undefined,
    offset: header.sparse ? header.headerOffset : header.bodyOffset,
    contentHash: undefined,
    xattrs: hasKeys(header.xattrs) ? header.xattrs : undefined,
    devMajor: isDevice ? header.devMajor : undefined,
    devMinor: isDevice ? header.devMinor : undefined,
    sparse: header.sparse ? true : undefined,
  };
}

/** A symlink's text is kept as it is; a hard link names a path of the layer stack, absolute ones from its root. */
function linkTarget(header: TarHeader): string | undefined {
  if (header.type === 'hardlink') return cleanEntryPath(header.linkName);
  return header.type === 'symlink' ? header.linkName : undefined;
}

function hasKeys(record: Readonly<Record<string, string>>): boolean {
  for (const _ in record) return true;
  return false;
}
