import {
  chmodSync,
  closeSync,
  lchownSync,
  lutimesSync,
  openSync,
  symlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import type { LayerEntry } from '../image/layer-index.ts';
import type { NewLayerEntry } from '../image/layer-writer.ts';

/** Writes a plain file or a symlink into a layer's folder; false for everything else. Throws what writing throws. */
export async function writeEntry(
  place: string,
  entry: LayerEntry,
  content: (entry: LayerEntry) => AsyncIterable<Uint8Array>,
  owns: boolean,
): Promise<boolean> {
  if (hasXattrs(entry)) return false;
  if (entry.type === 'file') {
    await writeFile(place, content(entry));
    setAttributes(place, entry, owns);
    return true;
  }
  if (entry.type !== 'symlink') return false;
  symlinkSync(entry.linkTarget ?? '', place);
  if (owns) lchownSync(place, entry.uid, entry.gid);
  lutimesSync(place, entry.mtime, entry.mtime);
  return true;
}

async function writeFile(place: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const file = openSync(place, 'wx', 0o600);
  try {
    for await (const chunk of content) {
      for (let at = 0; at < chunk.length; ) at += writeSync(file, chunk, at);
    }
  } finally {
    closeSync(file);
  }
}

/** Gives what lies at a place the mode and time of its entry, and where `owns` its owner. */
export function setAttributes(place: string, { mode, uid, gid, mtime }: LayerEntry, owns: boolean): void {
  if (owns) lchownSync(place, uid, gid);
  chmodSync(place, mode);
  utimesSync(place, mtime, mtime);
}

/** Whether what lies in the folder of one layer can stand for the entry of another. */
export function isSame(known: LayerEntry | undefined, entry: NewLayerEntry): boolean {
  return (
    known !== undefined &&
    (entry.type === 'file' || entry.type === 'symlink') &&
    known.type === entry.type &&
    known.size === entry.size &&
    known.contentHash === entry.contentHash &&
    (entry.type === 'symlink' || entry.contentHash !== undefined) &&
    known.mode === entry.mode &&
    known.uid === entry.uid &&
    known.gid === entry.gid &&
    known.mtime === Math.floor(entry.mtime) &&
    known.linkTarget === entry.linkTarget &&
    !hasXattrs(known) &&
    !hasXattrs(entry)
  );
}

/** Whether an entry has attributes that only a program beside this process can set. */
export function hasXattrs({ xattrs }: NewLayerEntry): boolean {
  return xattrs !== undefined && Object.keys(xattrs).length > 0;
}
