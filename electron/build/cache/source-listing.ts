import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readFileIfThere, writeFileAtomic } from '../../platform/atomic-file.ts';

/** One input of a step: its path at the source, and what it is: type, mode and content in one word. */
export interface ListedSource {
  readonly path: string;
  /** `f644 sha256hex`, `d755`, `l target`: equal exactly when a copy of it would be. */
  readonly identity: string;
}

/** The inputs of a step, sorted by path. */
export type SourceListing = readonly ListedSource[];

/** The digest of a listing, for the cache key. Paths cannot hold NUL, so it separates. */
export function listingDigest(listing: SourceListing): string {
  const hash = createHash('sha256');
  let batch = '';
  for (const source of listing) {
    batch += `${source.path}\0${source.identity}\0`;
    if (batch.length < 1 << 16) continue;
    hash.update(batch);
    batch = '';
  }
  hash.update(batch);
  return hash.digest('hex');
}

export interface ListingChange {
  readonly path: string;
  readonly change: 'added' | 'removed' | 'content' | 'mode';
}

/** What became of the inputs from one listing to another, by path. Both must be sorted. */
export function compareListings(before: SourceListing, after: SourceListing): ListingChange[] {
  const old = new Map(before.map((source) => [source.path, source.identity]));
  const changes: ListingChange[] = [];
  for (const { path, identity } of after) {
    const was = old.get(path);
    old.delete(path);
    if (was === undefined) changes.push({ path, change: 'added' });
    else if (was !== identity) changes.push({ path, change: onlyMode(was, identity) ? 'mode' : 'content' });
  }
  for (const path of old.keys()) changes.push({ path, change: 'removed' });
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function onlyMode(before: string, after: string): boolean {
  const content = (identity: string) => identity[0] + identity.slice(`${identity} `.indexOf(' '));
  return content(before) === content(after);
}

/** Keeps listings by their digest, so that an explanation can compare them later. */
export class ListingStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async save(digest: string, listing: SourceListing): Promise<void> {
    const path = join(this.#folder, digest);
    if ((await readFileIfThere(path)) !== null) return;
    await writeFileAtomic(path, listing.map((s) => `${s.identity}\0${s.path}\n`).join(''), { sync: false });
  }

  /** Null when it was never kept or has been cleaned up. */
  async load(digest: string): Promise<SourceListing | null> {
    if (!/^[0-9a-f]{64}$/.test(digest)) return null;
    const bytes = await readFileIfThere(join(this.#folder, digest));
    if (bytes === null) return null;
    const listing: ListedSource[] = [];
    for (const line of bytes.toString('utf8').split('\n')) {
      const nul = line.indexOf('\0');
      if (nul > 0) listing.push({ identity: line.slice(0, nul), path: line.slice(nul + 1) });
    }
    return listing;
  }
}
