import { visitInSlices } from '../platform/yield.ts';
import type { LayerEntries, LayerEntry, LayerIndex } from './layer-index.ts';

/** What stands at a path of a stack of layers. */
export interface StackNode {
  readonly path: string;
  /** The entry that shows there; of a hard link, the file it shares. A directory that no layer names has none. */
  readonly entry: LayerEntry | null;
  /** Which layer `entry` came with, 0 is the oldest; -1 without an entry. */
  readonly layer: number;
  /** By name; null for what is no directory. */
  readonly children: ReadonlyMap<string, StackNode> | null;
}

/** A node that knows where its entry stands, instead of keeping it. */
class TreeNode implements StackNode {
  entries: LayerEntries | null = null;
  place = 0;
  layer = -1;
  children: Map<string, TreeNode> | null = null;

  /** `owner` stands for the tree that made the node, which alone may change it. */
  constructor(
    readonly path: string,
    readonly owner: object,
  ) {}

  get entry(): LayerEntry | null {
    return this.entries?.at(this.place) ?? null;
  }

  show({ entries, place, layer }: Pick<TreeNode, 'entries' | 'place' | 'layer'>): void {
    this.entries = entries;
    this.place = place;
    this.layer = layer;
  }
}

/** How many symlinks one path may lead through, as the kernel counts. */
const MAX_LINKS = 40;

/** The file system that a stack of layers shows, made from their indexes; layers are applied oldest first. */
export class StackTree {
  readonly #self = {};
  #root = this.#newFolder('');
  #layers = 0;

  get root(): StackNode {
    return this.#root;
  }

  /** A tree with one more layer on top. It shares what the layer leaves alone with this one, which stays as it is. */
  async with(index: LayerIndex, signal?: AbortSignal): Promise<StackTree> {
    const tree = new StackTree();
    tree.#root = this.#root;
    tree.#layers = this.#layers + 1;
    const { entries } = index;
    await visitInSlices(entries, (entry) => tree.#remove(entry, this.#layers), signal);
    let place = 0;
    await visitInSlices(entries, (entry) => tree.#add(entry, entries, place++, this.#layers), signal);
    return tree;
  }

  /** How many layers have been applied. */
  get layerCount(): number {
    return this.#layers;
  }

  /** Puts one more layer on top, by the rules of image-spec, layer.md (whiteouts hide only what is below). */
  apply({ entries }: LayerIndex): void {
    const layer = this.#layers;
    this.#layers += 1;
    for (const entry of entries) this.#remove(entry, layer);
    let place = 0;
    for (const entry of entries) this.#add(entry, entries, place++, layer);
  }

  /** The node at a clean path, not following a symlink at its end or on the way; undefined when there is none. */
  get(path: string): StackNode | undefined {
    return this.#find(path);
  }

  /**
   * The clean path that `path` leads to when symlinks are followed inside the root, at its end too unless told
   * otherwise. What does not exist is kept as it is. Null for a loop.
   */
  resolve(path: string, options: { readonly followLast?: boolean } = {}): string | null {
    const pending = splitPath(path).reverse();
    let at = '';
    let links = 0;
    while (pending.length > 0) {
      const name = pending.pop() as string;
      if (name === '..') {
        at = parentPath(at);
        continue;
      }
      const next = joinPath(at, name);
      const entry = this.get(next)?.entry;
      const last = pending.length === 0;
      if (entry?.type !== 'symlink' || (last && options.followLast === false)) {
        at = next;
        continue;
      }
      links += 1;
      if (links > MAX_LINKS) return null;
      const target = entry.linkTarget ?? '';
      if (target.startsWith('/')) at = '';
      pending.push(...splitPath(target).reverse());
    }
    return at;
  }

  #find(path: string): TreeNode | undefined {
    if (path === '') return this.#root;
    let node: TreeNode | undefined = this.#root;
    // Name by name without a list of them: this is asked for each file of a COPY.
    for (let from = 0; node !== undefined && from <= path.length; ) {
      const slash = path.indexOf('/', from);
      const to = slash < 0 ? path.length : slash;
      node = node.children?.get(path.slice(from, to));
      from = to + 1;
    }
    return node;
  }

  #remove({ type, path }: LayerEntry, layer: number): void {
    if (type === 'whiteout') this.#hide(path, layer);
    else if (type === 'opaque') this.#clear(path, layer);
  }

  #add(
    { type, path, linkTarget = '' }: LayerEntry,
    entries: LayerEntries,
    place: number,
    layer: number,
  ): void {
    if (type === 'whiteout' || type === 'opaque') return;
    const node = this.#make(path);
    const shared = type === 'hardlink' ? this.#find(linkTarget) : undefined;
    node.show(shared?.entries ? shared : { entries, place, layer });
    if (type !== 'directory') node.children = null;
    else node.children ??= new Map();
  }

  #hide(path: string, layer: number): void {
    const node = this.get(path);
    if (node === undefined || path === '') return;
    if (node.layer < layer) this.#make(parentPath(path)).children?.delete(lastName(path));
  }

  #clear(path: string, layer: number): void {
    const node = this.get(path);
    for (const child of node?.children?.values() ?? [])
      if (child.layer < layer) this.#hide(child.path, layer);
  }

  /** The node at a path, which this tree may change, and so may it every folder that leads there. */
  #make(path: string): TreeNode {
    let node = this.#own(this.#root);
    this.#root = node;
    for (const name of splitPath(path)) {
      if (node.children === null) {
        node.children = new Map();
        node.entries = null;
      }
      const found = node.children.get(name);
      const child = found === undefined ? this.#newNode(node, name, path) : this.#own(found);
      if (child !== found) node.children.set(name, child);
      node = child;
    }
    return node;
  }

  /** A node below a folder, on the way to `path` or at it, whose text it shares then. */
  #newNode({ path: folder }: TreeNode, name: string, path: string): TreeNode {
    const own = joinPath(folder, name);
    return new TreeNode(own.length === path.length ? path : own, this.#self);
  }

  #newFolder(path: string): TreeNode {
    const node = new TreeNode(path, this.#self);
    node.children = new Map();
    return node;
  }

  #own(node: TreeNode): TreeNode {
    if (node.owner === this.#self) return node;
    const own = new TreeNode(node.path, this.#self);
    own.show(node);
    own.children = node.children === null ? null : new Map(node.children);
    return own;
  }
}

/** The parts of a path; empty ones and `.` are left out, `..` stays. */
export function splitPath(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

/** The clean path of the folder that holds `path`; the root's is the root. */
export function parentPath(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The last name of a clean path. */
export function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Two clean paths, one below the other. */
export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : name === '' ? folder : `${folder}/${name}`;
}

/** `path` with `.`, `..` and double slashes resolved, never leading out of the root; without a leading slash. */
export function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of splitPath(path)) {
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
