import type { NewLayerEntry } from '../image/layer-writer.ts';
import { whiteoutEntry } from '../image/layer-writer.ts';
import type { StackTree } from '../image/stack-tree.ts';
import type { TarEntry } from '../image/tar/read-tar.ts';
import { cleanEntryPath } from '../image/tar/safe-path.ts';
import { keptXattrs } from './kept-xattrs.ts';

/** One change that a step made; the body of a file is to be read before the next entry is asked for. */
export interface DiffEntry {
  readonly entry: NewLayerEntry;
  readonly body: AsyncIterable<Uint8Array> | undefined;
}

/**
 * The layer that an upper directory stands for, by containerd's rules: `entries` is its tar, folders before
 * what they hold and names sorted. Devices 0/0 become whiteouts, opaque folders get their mark, folders that
 * the overlay copied up and nobody changed come only where something below them changed, overlay attributes
 * and the root itself are left out. `below` is what the step saw when it began.
 */
export async function* diffEntries(
  entries: AsyncIterable<TarEntry>,
  below: StackTree,
  opaqueXattr: string,
): AsyncGenerator<DiffEntry, void, void> {
  const unchanged: NewLayerEntry[] = [];
  /** The folder made anew whose entries are being read: what was below it is gone, so nothing in it is unchanged. */
  let remade: string | null = null;
  for await (const found of entries) {
    const path = cleanEntryPath(found.path);
    if (path === '') continue;
    while (unchanged.length > 0 && !path.startsWith(`${unchanged.at(-1)?.path}/`)) unchanged.pop();
    if (remade !== null && !path.startsWith(`${remade}/`)) remade = null;
    const isWhiteout = found.type === 'char' && found.devMajor === 0 && found.devMinor === 0;
    if (isWhiteout && below.get(path) === undefined) continue;
    const entry = isWhiteout ? whiteoutEntry('whiteout', path) : layerEntry(path, found);
    const isOpaque = found.xattrs[opaqueXattr] === 'y' && (below.get(path)?.children?.size ?? 0) > 0;
    if (!isOpaque && remade === null && isUnchangedFolder(entry, below)) {
      unchanged.push(entry);
      continue;
    }
    for (const parent of unchanged.splice(0)) yield { entry: parent, body: undefined };
    yield { entry, body: entry.type === 'file' ? found.body : undefined };
    if (isOpaque) remade ??= path;
    if (isOpaque) yield { entry: whiteoutEntry('opaque', path), body: undefined };
  }
}

function layerEntry(path: string, found: TarEntry): NewLayerEntry {
  const link = found.type === 'hardlink' ? cleanEntryPath(found.linkName) : found.linkName;
  const xattrs = keptXattrs(found.xattrs);
  const isDevice = found.type === 'char' || found.type === 'block';
  return {
    path,
    type: found.type,
    mode: found.mode,
    uid: found.uid,
    gid: found.gid,
    size: found.size,
    mtime: Math.floor(found.mtime),
    ...(link === '' ? {} : { linkTarget: link }),
    ...(Object.keys(xattrs).length === 0 ? {} : { xattrs }),
    ...(isDevice ? { devMajor: found.devMajor, devMinor: found.devMinor } : {}),
  };
}

function isUnchangedFolder(entry: NewLayerEntry, below: StackTree): boolean {
  const node = below.get(entry.path);
  if (entry.type !== 'directory' || node === undefined || node.children === null) return false;
  // A folder that no layer names has no time to compare: LowerStore made it.
  const before = node.entry ?? { mode: 0o755, uid: 0, gid: 0, mtime: entry.mtime, xattrs: undefined };
  return (
    before.mode === entry.mode &&
    before.uid === entry.uid &&
    before.gid === entry.gid &&
    Math.floor(before.mtime) === entry.mtime &&
    xattrText(before.xattrs) === xattrText(entry.xattrs)
  );
}

function xattrText(xattrs: Readonly<Record<string, string>> | undefined): string {
  return JSON.stringify(Object.entries(keptXattrs(xattrs ?? {})).sort());
}
