import type { LayerEntry } from '#electron/image/layer-index.ts';

/** What the top layer did to a path, against the layers below. */
export type Change = 'added' | 'changed' | 'removed' | 'none';

/** The act by which a later layer hid files: a whiteout, an opaque directory, or something in their place. */
export interface Hiding {
  /** What was removed or replaced: of a removed directory its own path, not that of each file in it. */
  readonly path: string;
  readonly kind: 'replaced' | 'removed';
  /** The layer that did it. */
  readonly layer: number;
}

/** One file's content as a layer ships it; hard links share it. */
export interface Inode {
  readonly entry: LayerEntry;
  readonly layer: number;
  /** The node that counts its bytes: the file itself, or a hard link that outlived it. */
  owner: TreeNode;
  /** The last act that hid a name of it; tells nothing about names that remain. */
  hiding: Hiding | null;
}

/** A place in the tree. Fields change while layers are applied and not afterwards. */
export class TreeNode {
  /** Null for a directory that no layer names, only paths below it. */
  entry: LayerEntry | null = null;
  /** Content of a file or hard link; null for a link whose target is missing. */
  inode: Inode | null = null;
  /** Null for all but directories. */
  children: Map<string, TreeNode> | null = null;
  /** Children that the top layer removed and did not bring back. */
  ghosts: Map<string, TreeNode> | null = null;
  change: Change = 'none';
  /** Bytes of content visible at and below it, each content once; of a ghost those it had. */
  stackSize = 0;
  /** Of these the bytes that the top layer ships. */
  layerSize = 0;
  /** The top layer changed it or something below it. */
  isInLayer = false;

  constructor(
    readonly name: string,
    readonly parent: TreeNode | null,
    /** The layer that last wrote it. */
    public layer: number,
  ) {}
}

/** A directory's node. */
export function directoryNode(name: string, parent: TreeNode | null, layer: number): TreeNode {
  const node = new TreeNode(name, parent, layer);
  node.children = new Map();
  return node;
}

/** The clean path of a node. */
export function nodePath(node: TreeNode): string {
  const names: string[] = [];
  for (let at: TreeNode | null = node; at?.parent != null; at = at.parent) names.push(at.name);
  return names.reverse().join('/');
}

/** Whether the node is still part of the tree, that is no later layer took it away. */
export function isAttached(node: TreeNode): boolean {
  let at = node;
  while (at.parent !== null) {
    if (at.parent.children?.get(at.name) !== at) return false;
    at = at.parent;
  }
  return true;
}

/** What a directory's listing shows where no layer names the directory. */
export const IMPLIED_MODE = 0o755;
