import type { ContextEntry } from '../../../build/context/context-entry.ts';
import type { ContextPlace } from '../../../build/context-place.ts';

/** An entry of a context as an engine is told of it: a file, a folder or a symbolic link. */
export interface SentEntry extends ContextEntry {
  readonly type: Exclude<ContextEntry['type'], 'other'>;
  readonly uid: number;
  readonly gid: number;
  /** The path of an entry told before that is another name of the same file. */
  readonly hardLink?: string | undefined;
}

/**
 * Entries with what the archive or the commit they came from says of them. Files of a folder of this machine are
 * root's, as the docker CLI sends them. Devices, pipes and sockets are left out.
 */
export function* sentEntries(
  entries: Iterable<ContextEntry>,
  attributesOf: ContextPlace['attributesOf'],
): Generator<SentEntry> {
  const names = new Map<number, string>();
  for (const entry of entries) {
    const { type } = entry;
    if (type === 'other') continue;
    const { mode, uid, gid, mtime } = attributesOf?.(entry) ?? { mode: entry.mode, uid: 0, gid: 0 };
    const mtimeMs = mtime === undefined ? entry.mtimeMs : mtime * 1000;
    const hardLink = type === 'file' && entry.links > 1 ? names.get(entry.ino) : undefined;
    if (type === 'file' && entry.links > 1 && hardLink === undefined) names.set(entry.ino, entry.path);
    yield { ...entry, type, mode, mtimeMs, uid, gid, ...(hardLink === undefined ? {} : { hardLink }) };
  }
}
