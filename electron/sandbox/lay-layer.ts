import {
  chmodSync,
  closeSync,
  lchownSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  openSync,
  symlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { LayerEntry, LayerIndex } from '../image/layer-index.ts';
import type { NewLayerEntry } from '../image/layer-writer.ts';
import { createSlice, visitInSlices } from '../platform/yield.ts';
import { isOverlayForm } from './overlay-form.ts';
import type { SandboxHost } from './sandbox-host.ts';

/** Up to so many entries and bytes are written here; for more a program beside this process is faster. */
const MOST_ENTRIES = 256;
const MOST_BYTES = 8 << 20;

/** A layer, in overlay form, that differs in little from one that is to be laid down. */
export interface EarlierLayer {
  readonly folder: string;
  readonly index: LayerIndex;
}

/** A layer that is written, and how its files are read; in the order of the index that is cheap. */
export interface WrittenFiles {
  readonly index: LayerIndex;
  content(entry: LayerEntry): AsyncIterable<Uint8Array>;
}

/** Whether little of these entries is not in the earlier layer just the same. */
export async function isSoonLaid(
  entries: Iterable<NewLayerEntry>,
  earlier: LayerIndex | null,
): Promise<boolean> {
  const known = await byPath(earlier);
  const slice = createSlice();
  let count = 0;
  let bytes = 0;
  for (const entry of entries) {
    if (slice.due()) await slice.pause();
    if (isSame(known(entry.path), entry)) continue;
    count += 1;
    bytes += entry.size;
    if (count > MOST_ENTRIES || bytes > MOST_BYTES) return false;
  }
  return true;
}

/**
 * Puts the folder of a layer together in this process: hard links to what the earlier layer has the same, the rest
 * written. False, with `target` left half done, where the layer is not made for that: it is to be unpacked then. Throws
 * what writing throws, and the reason of `signal`.
 */
export async function layLayer(
  target: string,
  { index, content }: WrittenFiles,
  earlier: EarlierLayer | null,
  host: SandboxHost,
  signal: AbortSignal,
): Promise<boolean> {
  if (!(await isOverlayForm(index, host))) return false;
  if (!(await isSoonLaid(index.entries, earlier?.index ?? null))) return false;
  if (host.mode === 'rootless' && !(await isRootsAlone(index))) return false;
  const known = await byPath(earlier?.index ?? null);
  const owns = host.mode === 'root';
  const folders: LayerEntry[] = [];
  const slice = createSlice();
  mkdirSync(target, { mode: 0o755 });
  for (const entry of index.entries) {
    if (slice.due()) {
      await slice.pause();
      signal.throwIfAborted();
    }
    const place = join(target, entry.path);
    if (entry.type === 'directory') {
      mkdirSync(place, { mode: 0o700 });
      folders.push(entry);
    } else if (entry.type === 'hardlink') linkSync(join(target, entry.linkTarget ?? ''), place);
    else if (earlier !== null && isSame(known(entry.path), entry))
      linkSync(join(earlier.folder, entry.path), place);
    else if (hasXattrs(entry)) return false;
    else if (entry.type === 'symlink') {
      symlinkSync(entry.linkTarget ?? '', place);
      if (owns) lchownSync(place, entry.uid, entry.gid);
      lutimesSync(place, entry.mtime, entry.mtime);
    } else if (entry.type === 'file') {
      await writeFile(place, content(entry));
      setAttributes(place, entry, owns);
    } else return false;
  }
  if (folders.some(hasXattrs)) return false;
  // Last, and from the inside out: what is put into a folder changes its time.
  for (const folder of folders.reverse()) setAttributes(join(target, folder.path), folder, owns);
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

function setAttributes(place: string, { mode, uid, gid, mtime }: LayerEntry, owns: boolean): void {
  if (owns) lchownSync(place, uid, gid);
  chmodSync(place, mode);
  utimesSync(place, mtime, mtime);
}

async function isRootsAlone({ entries }: LayerIndex): Promise<boolean> {
  let isAlone = true;
  await visitInSlices(entries, ({ uid, gid }) => {
    isAlone &&= uid === 0 && gid === 0;
  });
  return isAlone;
}

/** Finds the entry of a path. */
async function byPath(index: LayerIndex | null): Promise<(path: string) => LayerEntry | undefined> {
  const entries = index?.entries ?? [];
  const places = new Map<string, number>();
  let count = 0;
  await visitInSlices(entries, ({ path }) => void places.set(path, count++));
  return (path) => {
    const place = places.get(path);
    return place === undefined ? undefined : entries.at(place);
  };
}

/** Whether what lies in the folder of one layer can stand for the entry of another. */
function isSame(known: LayerEntry | undefined, entry: NewLayerEntry): boolean {
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

function hasXattrs({ xattrs }: NewLayerEntry): boolean {
  return xattrs !== undefined && Object.keys(xattrs).length > 0;
}
