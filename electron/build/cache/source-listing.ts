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

/** Tells the inputs of a step one after the other, sorted by path, so that very many need not be kept. */
export type TellListing = (visit: (source: ListedSource) => void) => Promise<void>;

/** Tells a list that is there. */
export function tellListing(listing: SourceListing): TellListing {
  return async (visit) => listing.forEach((source) => void visit(source));
}

/** The inputs in a list. */
export async function collectListing(tell: TellListing): Promise<SourceListing> {
  const listing: ListedSource[] = [];
  await tell((source) => void listing.push(source));
  return listing;
}

/** The digest of a listing, for the cache key. Paths cannot hold NUL, so it separates. */
export async function listingDigest(tell: TellListing): Promise<string> {
  const hash = createHash('sha256');
  const text = inBatches((batch) => void hash.update(batch));
  await tell(({ path, identity }) => text.add(`${path}\0${identity}\0`));
  text.end();
  return hash.digest('hex');
}

/** Puts short texts together until they are worth a call. */
function inBatches(take: (batch: string) => void): { add(text: string): void; end(): void } {
  let batch = '';
  const end = () => {
    take(batch);
    batch = '';
  };
  return {
    end,
    add: (text) => {
      batch += text;
      if (batch.length >= 1 << 16) end();
    },
  };
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

  /** Keeps a listing, which is asked for only where it is not kept yet. */
  async save(digest: string, tell: TellListing): Promise<void> {
    const place = join(this.#folder, digest);
    if ((await readFileIfThere(place)) !== null) return;
    const parts: Buffer[] = [];
    const text = inBatches((batch) => void parts.push(Buffer.from(batch)));
    await tell(({ path, identity }) => text.add(`${identity}\0${path}\n`));
    text.end();
    await writeFileAtomic(place, Buffer.concat(parts), { sync: false });
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
