import type { LayerEntry, LayerIndex } from '../image/layer-index.ts';
import { parentPath } from '../image/stack-tree.ts';
import { createSlice } from '../platform/yield.ts';
import { type IdMap, mapsId } from './id-map.ts';
import { keptXattrs } from './kept-xattrs.ts';
import type { SandboxHost } from './sandbox-host.ts';

/** Whether the tar of a layer unpacks to its overlay form as it is, where paths are known to be clean. */
export async function isOverlayForm({ entries }: LayerIndex, { mode, ids }: SandboxHost): Promise<boolean> {
  const folders = new Set(['']);
  const slice = createSlice();
  for (const entry of entries) {
    if (slice.due()) await slice.pause();
    if (entry.type === 'directory') folders.add(entry.path);
    const isNamed = folders.has(parentPath(entry.path));
    if (!isNamed || !isPlain(entry, ids) || (mode !== 'root' && isDevice(entry))) return false;
  }
  return true;
}

function isPlain({ path, type, uid, gid, xattrs, devMajor, devMinor }: LayerEntry, ids: IdMap): boolean {
  if (type === 'whiteout' || type === 'opaque' || path === '') return false;
  if (type === 'char' && devMajor === 0 && devMinor === 0) return false;
  const all = Object.keys(xattrs ?? {});
  if (all.length > 0 && Object.keys(keptXattrs(xattrs ?? {})).length < all.length) return false;
  return mapsId(ids.users, uid) && mapsId(ids.groups, gid);
}

function isDevice({ type }: LayerEntry): boolean {
  return type === 'char' || type === 'block';
}
