import type { NewLayerEntry } from '../../image/layer-writer.ts';
import { cleanPath, joinPath, parentPath } from '../../image/stack-tree.ts';
import { createSlice } from '../../platform/yield.ts';
import type { MatchedSource } from '../sources/match-sources.ts';
import type { SourceNode, SourceTree } from '../sources/source-tree.ts';
import type { LayerDraft } from './layer-draft.ts';
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
 * a folder or ends with a slash, into it. The rules are those of reference/dockerfile.md as BuildKit has them.
 */
export async function copyFiles(
  draft: LayerDraft,
  items: readonly CopyItem[],
  destination: string,
  options: CopyOptions,
): Promise<void> {
  const slice = createSlice();
  const into = draft.resolve(cleanPath(destination));
  const made = options.owner ?? { uid: 0, gid: 0 };
  const asFolder = /(?:^|\/)\.?$/.test(destination);
  for (const item of items) {
    const { tree, node, name } = item;
    // Names of one file stay so within a source, not from one source to the next.
    const copied = new Map<string, string>();
    if (node.type === 'directory') {
      draft.makeDirectory(into, made);
      await copyContents(draft, item, node.path, into, { ...options, slice }, copied);
    } else if (asFolder || draft.typeAt(into) === 'directory') {
      draft.makeDirectory(into, made);
      copyNode(draft, tree, node, joinPath(into, name), options, copied);
    } else {
      draft.makeDirectory(parentPath(into), made);
      copyNode(draft, tree, node, into, options, copied);
    }
  }
}

async function copyContents(
  draft: LayerDraft,
  item: CopyItem,
  from: string,
  to: string,
  options: CopyOptions & { readonly slice: ReturnType<typeof createSlice> },
  copied: Map<string, string>,
  below = '',
): Promise<void> {
  const { tree, included } = item;
  for (const name of tree.names(from)) {
    if (options.slice.due()) {
      await options.slice.pause();
      options.signal.throwIfAborted();
    }
    const node = tree.get(joinPath(from, name));
    if (node === undefined || included?.has(node.path) === false) continue;
    const relative = joinPath(below, name);
    const isDirectory = node.type === 'directory';
    const excluded = options.excludes(relative);
    if (!isDirectory) {
      if (!excluded) copyNode(draft, tree, node, joinPath(to, name), options, copied);
      continue;
    }
    const target = joinPath(to, name);
    if (!excluded) copyNode(draft, tree, node, target, options, copied);
    await copyContents(draft, item, node.path, target, options, copied, relative);
  }
}

function copyNode(
  draft: LayerDraft,
  tree: SourceTree,
  node: SourceNode,
  to: string,
  options: CopyOptions,
  copied: Map<string, string>,
): void {
  draft.makeDirectory(parentPath(to), options.owner ?? { uid: 0, gid: 0 });
  const first = node.inode === undefined ? undefined : copied.get(node.inode);
  const entry = newEntry(tree, node, to, options);
  if (first !== undefined && first !== to)
    draft.put({ ...entry, type: 'hardlink', size: 0, linkTarget: first });
  else draft.put(entry, node.type === 'file' ? () => tree.read(node, options.signal) : undefined);
  if (node.inode !== undefined) copied.set(node.inode, first ?? to);
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
