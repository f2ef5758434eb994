import type { EntryBody, NewLayerEntry } from '../../image/layer-writer.ts';
import { cleanPath, joinPath, lastName, parentPath } from '../../image/stack-tree.ts';
import { createSlice } from '../../platform/yield.ts';
import type { MatchedSource } from '../sources/match-sources.ts';
import type { SourceNode, SourceTree } from '../sources/source-tree.ts';
import type { DraftEntry, LayerDraft } from './layer-draft.ts';
import type { Owner } from './owner.ts';

export interface CopyOptions {
  /** `--chown`; null keeps the owners of the source. */
  readonly owner: Owner | null;
  /** `--chmod`; null keeps the modes of the source. */
  changeMode: ((mode: number, isDirectory: boolean) => number) | null;
  /** `--exclude`: true for what is left out, by its path below the source. */
  readonly excludes: (path: string) => boolean;
  readonly signal: AbortSignal;
}

/** One thing to copy: where it comes from, and how it is called where it goes. */
export interface CopyItem extends MatchedSource {
  readonly tree: SourceTree;
  /** Unpack it when it is an archive. */
  readonly unpack: boolean;
  /** Of a folder, the paths in the tree that are copied; absent for all. */
  readonly included?: ReadonlySet<string> | undefined;
}

/**
 * Puts files into a layer as COPY does: a folder gives its contents, a file goes to `destination` or, when that is
 * a folder or ends with a slash, into it. The rules are those of BuildKit.
 */
export async function copyFiles(
  draft: LayerDraft,
  items: readonly CopyItem[],
  destination: string,
  options: CopyOptions,
): Promise<void> {
  const into = draft.resolve(cleanPath(destination));
  const made = options.owner ?? { uid: 0, gid: 0 };
  const asFolder = destination.endsWith('/');
  for (const { tree, node, name, included } of items) {
    const copying = {
      draft,
      tree,
      options,
      included,
      copied: new Map<string, string>(),
      slice: createSlice(),
    };
    if (node.type === 'directory') {
      draft.makeDirectory(into, made);
      await copyContents(copying, node.path, into, '');
    } else if (asFolder || draft.typeAt(into) === 'directory') {
      draft.makeDirectory(into, made);
      copyNode(copying, node, joinPath(into, name));
    } else {
      draft.makeDirectory(parentPath(into), made);
      copyNode(copying, node, into);
    }
  }
}

/** The copying of one item. */
interface Copying extends Pick<CopyItem, 'tree' | 'included'> {
  readonly draft: LayerDraft;
  readonly options: CopyOptions;
  /** Where a file with several names was copied first: they stay one within an item, not from one to the next. */
  readonly copied: Map<string, string>;
  readonly slice: ReturnType<typeof createSlice>;
}

/** Copies what is in the folder `from`, which is `below` the item's folder. */
async function copyContents(copying: Copying, from: string, to: string, below: string): Promise<void> {
  const { tree, options, included, slice } = copying;
  for (const node of tree.children(from)) {
    if (slice.due()) {
      await slice.pause();
      options.signal.throwIfAborted();
    }
    if (included?.has(node.path) === false) continue;
    const name = lastName(node.path);
    const target = joinPath(to, name);
    const relative = joinPath(below, name);
    if (!options.excludes(relative)) copyNode(copying, node, target);
    if (node.type === 'directory') await copyContents(copying, node.path, target, relative);
  }
}

function copyNode(copying: Copying, node: SourceNode, to: string): void {
  const { draft, options, copied } = copying;
  draft.makeDirectory(parentPath(to), options.owner ?? { uid: 0, gid: 0 });
  const first = node.inode === undefined ? undefined : copied.get(node.inode);
  draft.put(new CopiedEntry(to, node, first === to ? undefined : first, copying));
  if (node.inode !== undefined) copied.set(node.inode, first ?? to);
}

/** A node as it is copied to a path. It holds as little as can be, since a layer may have very many. */
class CopiedEntry implements DraftEntry {
  readonly path: string;
  readonly #node: SourceNode;
  /** Where the same file was copied to before under another name. */
  readonly #first: string | undefined;
  readonly #copying: Pick<Copying, 'tree' | 'options'>;

  constructor(path: string, node: SourceNode, first: string | undefined, copying: Copying) {
    this.path = path;
    this.#node = node;
    this.#first = first;
    this.#copying = copying;
  }

  get type(): NewLayerEntry['type'] {
    return this.#first === undefined ? this.#node.type : 'hardlink';
  }

  get linkTarget(): string | undefined {
    return this.#first ?? this.#node.linkTarget;
  }

  get entry(): NewLayerEntry {
    const { tree, options } = this.#copying;
    const entry = newEntry(tree, this.#node, this.path, options);
    const linkTarget = this.#first;
    return linkTarget === undefined ? entry : { ...entry, type: 'hardlink', size: 0, linkTarget };
  }

  get body(): EntryBody | undefined {
    const { tree, options } = this.#copying;
    return this.type === 'file' ? () => tree.read(this.#node, options.signal) : undefined;
  }
}

function newEntry(tree: SourceTree, node: SourceNode, path: string, options: CopyOptions): NewLayerEntry {
  const { type, size, mtime, linkTarget, xattrs, devMajor, devMinor } = node;
  const { uid, gid } = options.owner ?? node;
  const changed = type !== 'symlink' && options.changeMode !== null;
  const mode = changed ? (options.changeMode?.(node.mode, type === 'directory') ?? node.mode) : node.mode;
  return {
    path,
    type,
    mode,
    uid,
    gid,
    size: type === 'file' ? size : 0,
    mtime,
    linkTarget,
    contentHash: type === 'file' ? tree.contentHash?.(node) : undefined,
    xattrs,
    devMajor,
    devMinor,
  };
}
