import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LayerEntry } from '../image/layer-index.ts';
import { parentPath } from '../image/stack-tree.ts';
import { createSlice } from '../platform/yield.ts';
import { hasXattrs, isSame, setAttributes, writeEntry } from './laid-entries.ts';
import { canBeWritten, type EntriesByPath, type WrittenFiles, WrittenLoad } from './lay-layer.ts';
import type { SandboxHost } from './sandbox-host.ts';

/**
 * Puts into a new folder what a layer has other than an earlier one, so that the two folders, one over the other in an
 * overlay, show the layer. False, with `target` left half done, where something is gone or became something else:
 * whiteouts would be needed then, which not every user can make. Throws what writing throws, and the reason of `signal`.
 */
export async function layDifference(
  target: string,
  { index, content }: WrittenFiles,
  earlier: EntriesByPath,
  host: SandboxHost,
  signal: AbortSignal,
): Promise<boolean> {
  if (!(await canBeWritten(index, host))) return false;
  const difference = await findDifference(index.entries, earlier, signal);
  if (difference === null) return false;
  const owns = host.mode === 'root';
  mkdirSync(target, { mode: 0o755 });
  for (const { path } of difference.folders) mkdirSync(join(target, path), { mode: 0o700 });
  for (const entry of difference.files) {
    signal.throwIfAborted();
    if (!(await writeEntry(join(target, entry.path), entry, content, owns))) return false;
  }
  // Last, and from the inside out: what is put into a folder changes its time.
  for (const folder of difference.folders.reverse()) setAttributes(join(target, folder.path), folder, owns);
  return true;
}

interface Difference {
  /** Those that differ, and those that lead to what differs: of a folder that both have the upper one counts. */
  readonly folders: LayerEntry[];
  readonly files: readonly LayerEntry[];
}

/** What is new or other, outer folders first; null where that is too much, or cannot be said by adding alone. */
async function findDifference(
  entries: Iterable<LayerEntry>,
  earlier: EntriesByPath,
  signal: AbortSignal,
): Promise<Difference | null> {
  const folders = new Map<string, LayerEntry>();
  const files = new Map<string, LayerEntry>();
  const needed = new Set<string>();
  const kept = new Set<string>();
  const load = new WrittenLoad();
  const slice = createSlice();
  for (const entry of entries) {
    if (slice.due()) {
      await slice.pause();
      signal.throwIfAborted();
    }
    const known = earlier.get(entry.path);
    if (known !== undefined) kept.add(entry.path);
    if ((known !== undefined && known.type !== entry.type) || hasXattrs(entry)) return null;
    if (entry.type === 'directory') folders.set(entry.path, entry);
    if (entry.type === 'directory' ? isSameFolder(known, entry) : isSame(known, entry)) continue;
    if (entry.type === 'hardlink') {
      // It stays with the file that both share, as long as that is the same.
      if (known?.linkTarget !== entry.linkTarget || files.has(entry.linkTarget ?? '')) return null;
      continue;
    }
    load.add(entry);
    if (load.isTooMuch) return null;
    if (entry.type !== 'directory') files.set(entry.path, entry);
    const from = entry.type === 'directory' ? entry.path : parentPath(entry.path);
    for (let at = from; at !== '' && !needed.has(at); at = parentPath(at)) needed.add(at);
  }
  if (kept.size < earlier.size) return null;
  return {
    folders: [...folders.values()].filter(({ path }) => needed.has(path)),
    files: [...files.values()],
  };
}

function isSameFolder(known: LayerEntry | undefined, { mode, uid, gid, mtime }: LayerEntry): boolean {
  return (
    known !== undefined &&
    known.mode === mode &&
    known.uid === uid &&
    known.gid === gid &&
    known.mtime === mtime &&
    !hasXattrs(known)
  );
}
