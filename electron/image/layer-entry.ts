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
  if (whiteout !== null)
    return { ...fields(header), path: whiteout.path, type: whiteout.type, size: 0, linkTarget: undefined };
  return { ...fields(header), path, type: header.type, linkTarget: linkTarget(header) };
}

type Fields = Omit<LayerEntry, 'path' | 'type' | 'linkTarget'>;

function fields(header: TarHeader): Fields {
  const isDevice = header.type === 'char' || header.type === 'block';
  return {
    mode: header.mode,
    uid: header.uid,
    gid: header.gid,
    size: header.size,
    mtime: header.mtime,
    offset: header.sparse ? header.headerOffset : header.bodyOffset,
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
