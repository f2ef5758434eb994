import { createHash, type Hash } from 'node:crypto';
import { createSlice } from '../../platform/yield.ts';
import type { ContextEntryTable } from './context-entry-table.ts';

/** Entries that stand together: from one place to before another. */
export interface EntryRange {
  readonly from: number;
  readonly to: number;
}

const COLUMNS = 6;
/** Entries that are hashed together. */
const BATCH = 512;

/**
 * A fingerprint of entries: sha256 in hex over what a look without opening tells of them: path, mode, size, times,
 * inode, links and where they point. As with any cache over such facts, equal ones stand for equal content only where
 * the times are clearly older than the moment the content was read. `scope` tells apart what is asked of the same
 * entries. Made in slices.
 */
export async function fingerprint(
  scope: string,
  entries: ContextEntryTable,
  ranges: readonly EntryRange[],
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256').update(`strata-fingerprint-2\0${scope}`);
  const slice = createSlice();
  for (const { from, to } of ranges) {
    hash.update(`\0${to - from}\0`);
    for (let at = from; at < to; at += BATCH) {
      hashEntries(hash, entries, at, Math.min(to, at + BATCH));
      if (!slice.due()) continue;
      await slice.pause();
      signal?.throwIfAborted();
    }
  }
  return hash.digest('hex');
}

function hashEntries(hash: Hash, entries: ContextEntryTable, from: number, to: number): void {
  const numbers = new Float64Array((to - from) * COLUMNS);
  const words: string[] = [];
  let at = 0;
  for (const { path, type, mode, size, mtimeMs, ctimeMs, ino, links, linkTarget } of entries.slice(
    from,
    to,
  )) {
    words.push(type === 'symlink' ? `${type} ${path}\0${linkTarget}` : `${type} ${path}`);
    numbers[at] = mode;
    numbers[at + 1] = size;
    numbers[at + 2] = mtimeMs;
    numbers[at + 3] = ctimeMs;
    numbers[at + 4] = ino;
    numbers[at + 5] = links;
    at += COLUMNS;
  }
  hash.update(words.join('\0'));
  hash.update(numbers);
}
