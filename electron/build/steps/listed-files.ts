import {
  type ListedSource,
  listingDigest,
  type SourceListing,
  type TellListing,
  tellListing,
} from '../cache/source-listing.ts';
import type { SourceTree } from '../sources/source-tree.ts';
import type { CopyItem } from './copy-files.ts';
import { excludeTest, tellItems } from './copy-items.ts';

/** How many files a list may have to be kept. */
const MOST_KEPT = 10_000;

/** Files that are fetched: what they are is known before they are here. */
export interface RemoteFiles {
  readonly listed: ListedSource;
  /** Brings them here; what it opens is kept until `close`. */
  open(): Promise<{ readonly items: readonly CopyItem[]; close(): Promise<void> }>;
}

/** What decides the content of a step's files: the digest for its key, and the list, which is made again each time. */
export interface ListedFiles {
  readonly digest: string;
  readonly tell: TellListing;
}

/** Lists what COPY or ADD takes. Where a tree remembers the digest of the same files, no file is looked at again. */
export async function listFiles(
  { items, remote = [] }: { readonly items: readonly CopyItem[]; readonly remote?: readonly RemoteFiles[] },
  exclude: readonly string[],
  signal: AbortSignal,
): Promise<ListedFiles> {
  const make: TellListing = async (visit) => {
    if (remote.length === 0) return tellItems(items, excludeTest(exclude), visit, signal);
    const all = remote.map((files) => files.listed);
    await tellItems(items, excludeTest(exclude), (source) => void all.push(source), signal);
    for (const source of all.sort((a, b) => (a.path < b.path ? -1 : 1))) visit(source);
  };
  const tell = keepShort(make);
  const tree = remote.length === 0 ? commonTree(items) : null;
  const paths = items.map((item) => item.node.path);
  const scope = `copy ${exclude.join('\0')}`;
  const known = (await tree?.recall?.(paths, scope)) ?? null;
  if (known !== null) return { digest: known, tell };
  const digest = await listingDigest(tell);
  await tree?.remember?.(paths, scope, digest, signal);
  return { digest, tell };
}

/** What is told, made once where it is short: a longer list is not worth its memory while a layer is written. */
function keepShort(make: TellListing): TellListing {
  let kept: SourceListing | null = null;
  return async (visit) => {
    if (kept !== null) return tellListing(kept)(visit);
    const listing: ListedSource[] = [];
    await make((source) => {
      if (listing.length <= MOST_KEPT) listing.push(source);
      visit(source);
    });
    if (listing.length <= MOST_KEPT) kept = listing;
  };
}

/** The one tree that all items are taken from, each with all that is below it. */
function commonTree(items: readonly CopyItem[]): SourceTree | null {
  const tree = items[0]?.tree ?? null;
  return items.every((item) => item.tree === tree && item.included === undefined) ? tree : null;
}
