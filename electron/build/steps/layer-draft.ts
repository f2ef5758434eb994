import { AppError } from '#shared/errors/app-error.ts';
import type { EntryBody, LayerWriter, NewLayerEntry } from '../../image/layer-writer.ts';
import { joinPath, parentPath, type StackTree, splitPath } from '../../image/stack-tree.ts';
import { createSlice, visitInSlices } from '../../platform/yield.ts';
import type { Owner } from './owner.ts';

/** What is to be put into a layer. The entry may be made anew each time it is asked for. */
export interface DraftEntry extends Pick<NewLayerEntry, 'path' | 'type' | 'linkTarget'> {
  readonly entry: NewLayerEntry;
  readonly body?: EntryBody | undefined;
}

/** As many symlinks as one path may lead through, as in BuildKit. */
const MAX_LINKS = 255;

/**
 * The entries of a layer that is put together from files, over the file system below it. Folders that are there
 * already are written again as they are, so that every engine that applies the layer keeps their mode and owner.
 */
export class LayerDraft {
  readonly #below: StackTree;
  readonly #entries = new Map<string, DraftEntry>();
  /** The hard links to each drafted file. */
  readonly #links = new Map<string, Set<string>>();
  /** Folders of the file system below that something else took the place of. */
  readonly #covered = new Set<string>();
  readonly #mtime: number;
  /** The folder that was last asked for or made: mostly it is that of the next file, too. */
  #made = '';

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
    return this.#entryAt(path)?.type;
  }

  /**
   * The clean path that `path` leads to with all symlinks followed, drafted ones too; the last one unless told
   * otherwise. With `root` everything, absolute links and `..` included, stays below it. Throws `invalid-input`.
   */
  resolve(path: string, { root = '', followLast = true } = {}): string {
    const pending = splitPath(path.slice(root.length)).reverse();
    let at = root;
    let links = 0;
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (name === '..') {
        if (at !== root) at = parentPath(at);
        continue;
      }
      const next = joinPath(at, name);
      const entry = this.#entryAt(next);
      if (entry?.type !== 'symlink' || (pending.length === 0 && !followLast)) {
        at = next;
        continue;
      }
      links += 1;
      if (links > MAX_LINKS)
        throw new AppError('invalid-input', `/${path} leads through a loop of symlinks.`);
      const target = entry.linkTarget ?? '';
      if (target.startsWith('/')) at = root;
      pending.push(...splitPath(target).reverse());
    }
    return at;
  }

  /** Makes the folder and its parents where they are missing, with mode 0755 and this owner. */
  makeDirectory(path: string, owner: Owner): void {
    if (path === this.#made) return;
    let at = '';
    for (const name of splitPath(path)) {
      at = joinPath(at, name);
      const type = this.typeAt(at);
      if (type === 'directory') continue;
      if (type !== undefined) throw notDirectory(at);
      this.#set(
        at,
        drafted({ path: at, type: 'directory', mode: 0o755, ...owner, size: 0, mtime: this.#mtime }),
      );
    }
    this.#made = path;
  }

  /** Puts an entry; its parents must be there or have been made. A folder may take the place of a folder only. */
  put(draft: DraftEntry): void {
    const { path, type } = draft;
    const there = this.typeAt(path);
    if (there === 'directory' && type !== 'directory') {
      throw new AppError('conflict', `/${path} is a folder and cannot be replaced by a file.`, {
        hint: 'End the destination with a slash to copy into the folder.',
      });
    }
    if (type === 'directory' && there !== undefined && there !== 'directory') throw notDirectory(path);
    this.#set(path, draft);
  }

  /** Puts an entry in the place of whatever is there, with all below it; a folder leaves what a folder holds. */
  replace(entry: NewLayerEntry, body?: EntryBody): void {
    const { path } = entry;
    const there = this.typeAt(path);
    if (there === 'directory' && entry.type !== 'directory') {
      const isBelow = (drafted: string) => drafted.startsWith(`${path}/`);
      for (const drafted of [...this.#entries.keys()].filter(isBelow)) this.#drop(drafted);
      if (this.#below.get(path) !== undefined) this.#covered.add(path);
      this.#made = '';
    }
    this.#set(path, drafted(entry, body));
  }

  /**
   * Puts a hard link to what this layer holds at `target`. Mode, owner and time are those of the link, since both
   * names share them. Throws `malformed` when nothing is there.
   */
  link(entry: NewLayerEntry, target: string): void {
    const found = this.#entries.get(target);
    if (found?.type === 'hardlink') {
      this.link(entry, found.linkTarget ?? '');
      return;
    }
    if (found === undefined || found.type === 'directory') {
      throw new AppError(
        'malformed',
        `/${entry.path} is a hard link to /${target}, which is no file of the archive.`,
      );
    }
    const { mode, uid, gid, mtime } = entry;
    const shared = { ...found.entry, mode, uid, gid, mtime };
    if (found.type === 'file') {
      this.#entries.set(target, drafted(shared, found.body));
      this.replace({ ...entry, type: 'hardlink', size: 0, linkTarget: target });
    } else this.replace({ ...shared, path: entry.path });
  }

  /** How many entries there are. */
  get count(): number {
    return this.#entries.size;
  }

  /** So many entries at most, evenly from all. */
  *sample(most: number): Generator<NewLayerEntry> {
    const step = Math.max(1, Math.ceil(this.#entries.size / most));
    let at = 0;
    for (const draft of this.#entries.values()) if (at++ % step === 0) yield draft.entry;
  }

  /** Writes all entries, folders before what they hold, in an order that depends on their paths alone. */
  async write(writer: LayerWriter): Promise<void> {
    // Hard links after the files they share.
    const links: DraftEntry[] = [];
    const slice = createSlice();
    for (const path of await this.#order()) {
      if (slice.due()) await slice.pause();
      const draft = this.#entries.get(path) as DraftEntry;
      if (draft.type === 'hardlink') links.push(draft);
      else await writer.add(draft.entry, draft.body);
    }
    for (const link of links) await writer.add(link.entry);
  }

  /** The paths in order. What was copied from one folder has been put in order already. */
  async #order(): Promise<Iterable<string>> {
    let last = '';
    let isInOrder = true;
    await visitInSlices(this.#entries.keys(), (path) => {
      const key = path.replaceAll('/', '\0');
      isInOrder &&= last <= key;
      last = key;
    });
    if (isInOrder) return this.#entries.keys();
    const keyed = [...this.#entries.keys()].map((path) => [path.replaceAll('/', '\0'), path] as const);
    return keyed.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
  }

  #entryAt(path: string): Pick<NewLayerEntry, 'type' | 'linkTarget'> | undefined {
    const draft = this.#entries.get(path);
    if (draft !== undefined) return draft;
    if (this.#covered.size > 0 && [...this.#covered].some((folder) => path.startsWith(`${folder}/`)))
      return undefined;
    const node = this.#below.get(path);
    return node === undefined ? undefined : (node.entry ?? { type: 'directory' });
  }

  #set(path: string, draft: DraftEntry): void {
    this.#drop(path);
    this.#keepParents(path);
    this.#entries.set(path, draft);
    const { type, linkTarget = '' } = draft;
    if (type !== 'hardlink') return;
    const links = this.#links.get(linkTarget) ?? new Set();
    this.#links.set(linkTarget, links.add(path));
  }

  /** Takes an entry out. Of a file with other names the first of them becomes the file. */
  #drop(path: string): void {
    const draft = this.#entries.get(path);
    if (draft === undefined) return;
    this.#entries.delete(path);
    if (draft.type === 'hardlink') this.#links.get(draft.linkTarget ?? '')?.delete(path);
    const [first, ...others] = [...(this.#links.get(path) ?? [])].sort();
    this.#links.delete(path);
    if (first === undefined) return;
    this.#entries.set(first, drafted({ ...draft.entry, path: first }, draft.body));
    this.#links.set(first, new Set(others));
    for (const other of others) {
      const link = this.#entries.get(other);
      if (link !== undefined) this.#entries.set(other, drafted({ ...link.entry, linkTarget: first }));
    }
  }

  #keepParents(path: string): void {
    for (let at = parentPath(path); at !== ''; at = parentPath(at)) {
      if (this.#entries.has(at)) return;
      const entry = this.#below.get(at)?.entry;
      if (entry?.type === 'directory') this.#entries.set(at, drafted({ ...entry, path: at }));
    }
  }
}

function drafted(entry: NewLayerEntry, body?: EntryBody): DraftEntry {
  const { path, type, linkTarget } = entry;
  return { path, type, linkTarget, entry, body };
}

function notDirectory(at: string): AppError {
  return new AppError('conflict', `/${at} is not a folder, so nothing can be copied into it.`);
}
