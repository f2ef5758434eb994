import { AppError } from '#shared/errors/app-error.ts';
import type { LayerWriter, NewLayerEntry } from '../../image/layer-writer.ts';
import { joinPath, parentPath, type StackNode, type StackTree, splitPath } from '../../image/stack-tree.ts';
import type { Owner } from './owner.ts';

export type EntryBody = () => Uint8Array | AsyncIterable<Uint8Array>;

interface DraftEntry {
  readonly entry: NewLayerEntry;
  readonly body?: EntryBody | undefined;
}

/**
 * The entries of a layer that is put together from files, over the file system below it. Folders that are there
 * already are written again as they are, so that every engine that applies the layer keeps their mode and owner.
 */
export class LayerDraft {
  readonly #below: StackTree;
  readonly #entries = new Map<string, DraftEntry>();
  readonly #mtime: number;

  /** `mtime`, in seconds, is what made folders get: a fixed one, so that the same input gives the same layer. */
  constructor(below: StackTree, mtime: number) {
    this.#below = below;
    this.#mtime = mtime;
  }

  /** Whether something new was put in. */
  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  /** What stands at a clean path: what this layer puts there, else what is below. */
  typeAt(path: string): NewLayerEntry['type'] | undefined {
    const drafted = this.#entries.get(path);
    if (drafted !== undefined) return drafted.entry.type;
    const node = this.#below.get(path);
    return node === undefined ? undefined : nodeType(node);
  }

  /** The clean path that `path` leads to with all symlinks of the file system below followed. */
  resolve(path: string): string {
    const resolved = this.#below.resolve(path);
    if (resolved !== null) return resolved;
    throw new AppError('invalid-input', `/${path} leads through a loop of symlinks.`);
  }

  /** Makes the folder and its parents where they are missing, with mode 0755 and this owner. */
  makeDirectory(path: string, owner: Owner): void {
    let at = '';
    for (const name of splitPath(path)) {
      at = joinPath(at, name);
      const type = this.typeAt(at);
      if (type === 'directory') continue;
      if (type !== undefined) throw notDirectory(at);
      this.#put(at, {
        entry: { path: at, type: 'directory', mode: 0o755, ...owner, size: 0, mtime: this.#mtime },
      });
    }
  }

  /** Puts an entry; its parents must be there or have been made. A folder may take the place of a folder only. */
  put(entry: NewLayerEntry, body?: EntryBody): void {
    const there = this.typeAt(entry.path);
    if (there === 'directory' && entry.type !== 'directory') {
      throw new AppError('conflict', `/${entry.path} is a folder and cannot be replaced by a file.`, {
        hint: 'End the destination with a slash to copy into the folder.',
      });
    }
    if (entry.type === 'directory' && there !== undefined && there !== 'directory')
      throw notDirectory(entry.path);
    this.#put(entry.path, { entry, body });
  }

  #put(path: string, draft: DraftEntry): void {
    this.#keepParents(path);
    this.#entries.set(path, draft);
  }

  #keepParents(path: string): void {
    for (let at = parentPath(path); at !== ''; at = parentPath(at)) {
      if (this.#entries.has(at)) return;
      const node = this.#below.get(at);
      if (node?.entry?.type === 'directory') this.#entries.set(at, { entry: { ...node.entry, path: at } });
    }
  }

  /** Writes all entries, folders before what they hold, in an order that depends on their paths alone. */
  async write(writer: LayerWriter): Promise<void> {
    const order = [...this.#entries.keys()].map((path) => [path.replaceAll('/', '\0'), path] as const);
    order.sort(([a], [b]) => (a < b ? -1 : 1));
    // Hard links after the files they share.
    const links: DraftEntry[] = [];
    for (const [, path] of order) {
      const draft = this.#entries.get(path) as DraftEntry;
      if (draft.entry.type === 'hardlink') links.push(draft);
      else await writer.add(draft.entry, draft.body?.());
    }
    for (const link of links) await writer.add(link.entry);
  }
}

function nodeType(node: StackNode): NewLayerEntry['type'] {
  if (node.entry === null) return 'directory';
  return node.entry.type;
}

function notDirectory(path: string): AppError {
  return new AppError('conflict', `/${path} is not a folder, so nothing can be copied into it.`);
}
