import type { LayerRecord } from '../../store/image-records.ts';
import type { ListedSource } from '../cache/source-listing.ts';

/** Something that COPY, ADD or a mount can take: from the context, a stage or an image. */
export interface SourceNode {
  /** Clean path within its tree, '' is the root. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'fifo' | 'char' | 'block';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Seconds since the epoch. */
  readonly mtime: number;
  readonly linkTarget?: string | undefined;
  readonly xattrs?: Readonly<Record<string, string>> | undefined;
  readonly devMajor?: number | undefined;
  readonly devMinor?: number | undefined;
  /** Equal for files that share their content as hard links; undefined when it is alone. */
  readonly inode?: string | undefined;
}

/** A tree of files to take from. */
export interface SourceTree {
  /** What errors call it: "the build context", "stage build". */
  readonly title: string;
  /** The layers that show exactly these files, oldest first; absent for files of a folder. */
  readonly layers?: readonly LayerRecord[] | undefined;
  /** The node at a clean path, not following a symlink at its end. */
  get(path: string): SourceNode | undefined;
  /** The clean path that `path` leads to when symlinks are followed inside the tree; null for a loop. */
  resolve(path: string): string | null;
  /** What is in a folder, by name. */
  children(path: string): Iterable<SourceNode>;
  /** Tells what each node is, in their order, for cache keys; content is read only where its digest is not known. */
  identify(
    nodes: readonly SourceNode[],
    visit: (source: ListedSource) => void,
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * The digest that `remember` was given for all below these paths, in this build or an earlier one, while none of
   * these files changed; null when it is not known. `scope` tells apart what is asked of the same files.
   */
  recall?(paths: readonly string[], scope: string): Promise<string | null>;
  /** Keeps a digest for all below these paths, once they have been identified. */
  remember?(paths: readonly string[], scope: string, digest: string, signal: AbortSignal): Promise<void>;
  /** sha256 in hex of a file's content, where it is known without reading. */
  contentHash?(node: SourceNode): string | undefined;
  /** Where the file lies on this machine, for sources that are folders. */
  placeOf?(node: SourceNode): string;
  /** The bytes of a file. */
  read(node: SourceNode, signal: AbortSignal): Uint8Array | AsyncIterable<Uint8Array>;
}

/** Every node at and below `path`, sorted by path. */
export function* walkTree(tree: SourceTree, path: string): Generator<SourceNode> {
  const node = tree.get(path);
  if (node === undefined) return;
  yield node;
  if (node.type === 'directory') yield* walkBelow(tree, node);
}

function* walkBelow(tree: SourceTree, folder: SourceNode): Generator<SourceNode> {
  // `a.txt` stands between the folder `a` and `a/b`.
  const places: { readonly key: string; readonly node: SourceNode; readonly isBelow: boolean }[] = [];
  for (const node of tree.children(folder.path)) {
    places.push({ key: node.path, node, isBelow: false });
    if (node.type === 'directory') places.push({ key: `${node.path}/`, node, isBelow: true });
  }
  places.sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const { node, isBelow } of places) {
    if (isBelow) yield* walkBelow(tree, node);
    else yield node;
  }
}

/** The identity of a node without content, or with the digest of its content. */
export function nodeIdentity(node: SourceNode, contentDigest: string | undefined, owned: boolean): string {
  const owner = owned ? `:${node.uid}:${node.gid}` : '';
  const mode = `${node.mode.toString(8)}${owner}`;
  switch (node.type) {
    case 'file':
      return `f${mode} ${contentDigest ?? ''}${xattrText(node)}`;
    case 'directory':
      return `d${mode}${xattrText(node)}`;
    case 'symlink':
      return `l${owner} ${node.linkTarget ?? ''}`;
    case 'fifo':
      return `p${mode}`;
    default:
      return `${node.type[0]}${mode} ${node.devMajor ?? 0}:${node.devMinor ?? 0}`;
  }
}

function xattrText({ xattrs }: SourceNode): string {
  const names = Object.keys(xattrs ?? {}).sort();
  return names
    .map((name) => ` ${name}=${Buffer.from(xattrs?.[name] ?? '', 'latin1').toString('hex')}`)
    .join('');
}
