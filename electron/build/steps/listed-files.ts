import { type ListedSource, listingDigest, type SourceListing } from '../cache/source-listing.ts';
import type { SourceTree } from '../sources/source-tree.ts';
import type { CopyItem } from './copy-files.ts';
import { excludeTest, listItems } from './copy-items.ts';

/** Files that are fetched: what they are is known before they are here. */
export interface RemoteFiles {
  readonly listed: ListedSource;
  /** Brings them here; what it opens is kept until `close`. */
  open(): Promise<{ readonly items: readonly CopyItem[]; close(): Promise<void> }>;
}

/** What decides the content of a step's files: the digest for its key, and the list when it is asked for. */
export interface ListedFiles {
  readonly digest: string;
  list(): Promise<SourceListing>;
}

/** Lists what COPY or ADD takes. Where a tree remembers the digest of the same files, no file is looked at again. */
export async function listFiles(
  { items, remote = [] }: { readonly items: readonly CopyItem[]; readonly remote?: readonly RemoteFiles[] },
  exclude: readonly string[],
  signal: AbortSignal,
): Promise<ListedFiles> {
  // A list of thousands of files is not worth its memory once the layer is being written.
  let kept: WeakRef<SourceListing> | null = null;
  const list = async (): Promise<SourceListing> => {
    const known = kept?.deref();
    if (known !== undefined) return known;
    const found = await listItems(items, excludeTest(exclude), signal);
    const all = remote.length === 0 ? found : [...found, ...remote.map((files) => files.listed)];
    const listing = remote.length === 0 ? all : all.toSorted((a, b) => (a.path < b.path ? -1 : 1));
    kept = new WeakRef(listing);
    return listing;
  };
  const tree = remote.length === 0 ? commonTree(items) : null;
  const paths = items.map((item) => item.node.path);
  const scope = `copy ${exclude.join('\0')}`;
  const known = (await tree?.recall?.(paths, scope)) ?? null;
  if (known !== null) return { digest: known, list };
  const digest = listingDigest(await list());
  await tree?.remember?.(paths, scope, digest, signal);
  return { digest, list };
}

/** The one tree that all items are taken from, each with all that is below it. */
function commonTree(items: readonly CopyItem[]): SourceTree | null {
  const tree = items[0]?.tree ?? null;
  return items.every((item) => item.tree === tree && item.included === undefined) ? tree : null;
}
