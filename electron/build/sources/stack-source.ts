import type { LayerEntry } from '../../image/layer-index.ts';
import type { StackNode, StackTree } from '../../image/stack-tree.ts';
import { visitInSlices } from '../../platform/yield.ts';
import type { LayerRecord } from '../../store/image-records.ts';
import type { ListedSource } from '../cache/source-listing.ts';
import { nodeIdentity, type SourceNode, type SourceTree } from './source-tree.ts';

/** Reads the content of an entry of the n-th layer of the stack. */
export type ReadEntry = (layer: number, entry: LayerEntry, signal: AbortSignal) => AsyncIterable<Uint8Array>;

/** The files of a stage or an image as a source. Owners count: a copy keeps them. */
export class StackSource implements SourceTree {
  readonly title: string;
  readonly layers: readonly LayerRecord[];
  readonly #tree: StackTree;
  readonly #read: ReadEntry;

  constructor(title: string, layers: readonly LayerRecord[], tree: StackTree, read: ReadEntry) {
    this.title = title;
    this.layers = layers;
    this.#tree = tree;
    this.#read = read;
  }

  get(path: string): SourceNode | undefined {
    const node = this.#tree.get(path);
    return node === undefined ? undefined : toSourceNode(node);
  }

  resolve(path: string): string | null {
    return this.#tree.resolve(path);
  }

  *children(path: string): Generator<SourceNode> {
    const children = this.#tree.get(path)?.children;
    for (const name of [...(children?.keys() ?? [])].sort()) {
      const child = children?.get(name);
      if (child !== undefined) yield toSourceNode(child);
    }
  }

  async identify(
    nodes: readonly SourceNode[],
    visit: (source: ListedSource) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const identify = (node: SourceNode) =>
      visit({ path: node.path, identity: nodeIdentity(node, this.contentHash(node), true) });
    await visitInSlices(nodes, identify, signal);
  }

  contentHash({ path }: SourceNode): string | undefined {
    return this.#tree.get(path)?.entry?.contentHash;
  }

  read(node: SourceNode, signal: AbortSignal): AsyncIterable<Uint8Array> | Uint8Array {
    const found = this.#tree.get(node.path);
    if (found?.entry == null || found.entry.size === 0) return new Uint8Array();
    return this.#read(found.layer, found.entry, signal);
  }
}

function toSourceNode({ path, entry, layer }: StackNode): SourceNode {
  if (entry === null) return { path, type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0 };
  const { mode, uid, gid, size, mtime, linkTarget, xattrs, devMajor, devMinor } = entry;
  const type =
    entry.type === 'hardlink' || entry.type === 'whiteout' || entry.type === 'opaque' ? 'file' : entry.type;
  const inode = type === 'file' ? `${layer}:${entry.path}` : undefined;
  return { path, type, mode, uid, gid, size, mtime, linkTarget, xattrs, devMajor, devMinor, inode };
}
