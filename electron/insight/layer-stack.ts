import type { LayerEntry, LayerIndex } from '#electron/image/layer-index.ts';
import { resolvePath } from './resolve-path.ts';
import { sameMetadata } from './same-metadata.ts';
import { directoryNode, type Hiding, type Inode, nodePath, TreeNode } from './tree-node.ts';
import type { Turns } from './turns.ts';

/**
 * The file system that layers make, applied one upon the other as image-spec's layer.md says: whiteouts and
 * opaque marks first, for they hide only what lower layers hold, then the entries in their order. As when a
 * runtime unpacks them, a path that leads through a symlink ends up where the link points.
 */
export class LayerStack {
  readonly root = directoryNode('', null, 0);
  /** Every file content that any layer ships, oldest first. */
  readonly inodes: Inode[] = [];
  /** Hard links, for they may outlive the file that they were made of. */
  readonly hardLinks: TreeNode[] = [];
  private layer = 0;
  /** Whether changes and ghosts are recorded: for the top layer of a view. */
  private tracks = false;
  private lastDirectory: { path: string; node: TreeNode } | null = null;

  /** Applies the next layer; `tracks` for the last one, whose changes the tree shall tell. */
  async apply(index: LayerIndex, layer: number, tracks: boolean, turns: Turns): Promise<void> {
    this.layer = layer;
    this.tracks = tracks;
    for (const entry of index.entries) {
      if (entry.type === 'whiteout') this.remove(entry.path);
      else if (entry.type === 'opaque') this.removeChildren(entry.path);
      if (turns.isOver()) await turns.rest();
    }
    this.lastDirectory = null;
    for (const entry of index.entries) {
      if (entry.type !== 'whiteout' && entry.type !== 'opaque') this.put(entry);
      if (turns.isOver()) await turns.rest();
    }
    this.lastDirectory = null;
  }

  private remove(path: string): void {
    const node = resolvePath(this.root, this.root, path, false);
    if (node === null || node.parent === null) return;
    hide(node, { path, kind: 'removed', layer: this.layer });
    node.parent.children?.delete(node.name);
    if (this.tracks) keepGhost(node.parent, node);
  }

  private removeChildren(path: string): void {
    const directory = resolvePath(this.root, this.root, path, true);
    const hiding: Hiding = { path, kind: 'removed', layer: this.layer };
    for (const child of directory?.children?.values() ?? []) {
      hide(child, hiding);
      if (this.tracks && directory !== null) keepGhost(directory, child);
    }
    directory?.children?.clear();
  }

  private put(entry: LayerEntry): void {
    if (entry.path === '') {
      if (entry.type === 'directory') this.rewriteDirectory(this.root, entry);
      return;
    }
    const slash = entry.path.lastIndexOf('/');
    const parent = this.directoryAt(slash < 0 ? '' : entry.path.slice(0, slash));
    const name = entry.path.slice(slash + 1);
    const existing = parent.children?.get(name);
    if (entry.type === 'directory' && existing !== undefined && existing.children !== null)
      this.rewriteDirectory(existing, entry);
    else this.place(parent, name, entry, existing);
  }

  private rewriteDirectory(node: TreeNode, entry: LayerEntry): void {
    const isSame = node.entry === null || sameMetadata(node.entry, entry);
    if (this.tracks && node.change !== 'added' && !isSame) node.change = 'changed';
    node.entry = entry;
    node.layer = this.layer;
  }

  /** Puts a new node in the place of `existing`; `entry` null is a directory that is only implied. */
  private place(
    parent: TreeNode,
    name: string,
    entry: LayerEntry | null,
    existing: TreeNode | undefined,
  ): TreeNode {
    const isDirectory = entry === null || entry.type === 'directory';
    const node = isDirectory
      ? directoryNode(name, parent, this.layer)
      : new TreeNode(name, parent, this.layer);
    node.entry = entry;
    if (entry !== null) node.inode = this.inodeOf(node, entry);
    if (existing !== undefined) {
      hide(existing, { path: nodePath(existing), kind: 'replaced', layer: this.layer });
      this.lastDirectory = null;
    }
    if (this.tracks) trackChange(node, existing, this.layer);
    parent.children?.set(name, node);
    return node;
  }

  private inodeOf(node: TreeNode, entry: LayerEntry): Inode | null {
    if (entry.type === 'file') {
      const inode: Inode = { entry, layer: this.layer, owner: node, hiding: null };
      this.inodes.push(inode);
      return inode;
    }
    if (entry.type !== 'hardlink') return null;
    this.hardLinks.push(node);
    return resolvePath(this.root, this.root, entry.linkTarget ?? '', false)?.inode ?? null;
  }

  /** The directory at `path`, made where it is missing. Neighbours in a tar mostly share it. */
  private directoryAt(path: string): TreeNode {
    if (this.lastDirectory?.path === path) return this.lastDirectory.node;
    let node = this.root;
    for (const part of path === '' ? [] : path.split('/')) {
      const child = node.children?.get(part);
      node = (child && this.asDirectory(child)) ?? this.place(node, part, null, child);
    }
    this.lastDirectory = { path, node };
    return node;
  }

  /** The directory that a node is or leads to. */
  private asDirectory(node: TreeNode): TreeNode | null {
    if (node.children !== null) return node;
    const target = node.entry?.type === 'symlink' ? node.entry.linkTarget : undefined;
    if (target === undefined || node.parent === null) return null;
    const found = resolvePath(this.root, node.parent, target, true);
    return found === null || found.children === null ? null : found;
  }
}

/** Notes for every content at and below `node` what hid it. */
function hide(node: TreeNode, hiding: Hiding): void {
  const pending = [node];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    if (at.inode !== null) at.inode.hiding = hiding;
    // What the same layer removed one by one before is gone with the whole.
    for (const ghost of at.ghosts?.values() ?? []) at.children?.set(ghost.name, ghost);
    at.ghosts = null;
    for (const child of at.children?.values() ?? []) pending.push(child);
  }
}

function keepGhost(parent: TreeNode, ghost: TreeNode): void {
  parent.ghosts ??= new Map();
  parent.ghosts.set(ghost.name, ghost);
}

/** Tells what a new node is against what was there: still there, or removed before by the same layer. */
function trackChange(node: TreeNode, existing: TreeNode | undefined, layer: number): void {
  const ghost = node.parent?.ghosts?.get(node.name);
  node.parent?.ghosts?.delete(node.name);
  const below = existing ?? ghost;
  if (below === undefined) node.change = 'added';
  else if (existing !== undefined && existing.layer === layer && existing.change !== 'none')
    // The same layer holds the path twice.
    node.change = existing.change;
  else node.change = isUnchanged(below, node) ? 'none' : 'changed';
  if (node.children === null || existing !== undefined) return;
  for (const lost of ghost?.children?.values() ?? []) keepGhost(node, lost);
}

function isUnchanged(below: TreeNode, node: TreeNode): boolean {
  if ((below.children === null) !== (node.children === null)) return false;
  if (below.entry === null || node.entry === null) return true;
  return sameMetadata(below.entry, node.entry);
}
