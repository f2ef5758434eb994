import { createHash } from 'node:crypto';
import type { EntryType, LayerEntry, LayerIndex } from '#electron/image/layer-index.ts';
import { parseDiffId } from '#shared/oci/digest.ts';

/** An entry for tests, with all that does not matter filled in. */
export function entry(path: string, type: EntryType, fields: Partial<LayerEntry> = {}): LayerEntry {
  const mode = type === 'directory' ? 0o755 : 0o644;
  return { path, type, mode, uid: 0, gid: 0, size: 0, mtime: 1_700_000_000, offset: 0, ...fields };
}

/** A file whose content is told apart by `content`, which fixes its hash. */
export function file(path: string, size: number, content = `${path} ${size}`): LayerEntry {
  return entry(path, 'file', { size, contentHash: createHash('sha256').update(content).digest('hex') });
}

/** A layer index of these entries. */
export function layer(...entries: LayerEntry[]): LayerIndex {
  const hash = createHash('sha256').update(JSON.stringify(entries)).digest('hex');
  const contentSize = entries.reduce((sum, { size }) => sum + size, 0);
  return { diffId: parseDiffId(`sha256:${hash}`), tarSize: 0, contentSize, entries, seekPoints: [] };
}
