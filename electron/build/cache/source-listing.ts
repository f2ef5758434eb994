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

/** What became of the inputs from one listing to another, by path. Both must be sorted by path. */
export async function compareListings(
  before: Iterable<ListedSource>,
  tellAfter: TellListing,
): Promise<ListingChange[]> {
  const changes: ListingChange[] = [];
  const olds = before[Symbol.iterator]();
  let old = olds.next();
  const skip = (isSkipped: (path: string) => boolean) => {
    for (; old.done !== true && isSkipped(old.value.path); old = olds.next())
      changes.push({ path: old.value.path, change: 'removed' });
  };
  await tellAfter(({ path, identity }) => {
    skip((other) => other < path);
    if (old.done === true || old.value.path !== path) {
      changes.push({ path, change: 'added' });
      return;
    }
    const was = old.value.identity;
    if (was !== identity) changes.push({ path, change: onlyMode(was, identity) ? 'mode' : 'content' });
    old = olds.next();
  });
  skip(() => true);
  return changes;
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

  /** The inputs one by one; null when they were never kept or have been cleaned up. */
  async read(digest: string): Promise<Iterable<ListedSource> | null> {
    if (!/^[0-9a-f]{64}$/.test(digest)) return null;
    const bytes = await readFileIfThere(join(this.#folder, digest));
    return bytes === null ? null : readLines(bytes);
  }

  /** The same as a list. */
  async load(digest: string): Promise<SourceListing | null> {
    const listing = await this.read(digest);
    return listing === null ? null : [...listing];
  }
}

function* readLines(bytes: Buffer): Generator<ListedSource, void, void> {
  for (let at = 0; at < bytes.length; ) {
    const found = bytes.indexOf(0x0a, at);
    const end = found < 0 ? bytes.length : found;
    const line = bytes.toString('utf8', at, end);
    const nul = line.indexOf('\0');
    if (nul > 0) yield { identity: line.slice(0, nul), path: line.slice(nul + 1) };
    at = end + 1;
  }
}
