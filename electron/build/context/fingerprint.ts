import { createHash, type Hash } from 'node:crypto';
import type { ContextEntry } from './context-entry.ts';

const COLUMNS = 6;

/**
 * Adds to a hash what a look without opening tells of entries: path, mode, size, times, inode, links and where they
 * point. As with any cache over such facts, equal ones stand for equal content only where the times are clearly
 * older than the moment the content was read.
 */
function hashEntries(hash: Hash, entries: readonly ContextEntry[]): void {
  const numbers = new Float64Array(entries.length * COLUMNS);
  const words: string[] = [];
  let at = 0;
  for (const { path, type, mode, size, mtimeMs, ctimeMs, ino, links, linkTarget } of entries) {
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

/** A fingerprint of entries: sha256 in hex; `scope` tells apart what is asked of the same entries. */
export function fingerprint(scope: string, parts: readonly (readonly ContextEntry[])[]): string {
  const hash = createHash('sha256');
  hash.update(`strata-fingerprint-1\0${scope}`);
  for (const entries of parts) {
    hash.update(`\0${entries.length}\0`);
    hashEntries(hash, entries);
  }
  return hash.digest('hex');
}
