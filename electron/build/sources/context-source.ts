import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { splitDigest } from '#shared/oci/digest.ts';
import { visitInSlices } from '../../platform/yield.ts';
import type { ListingMemory } from '../cache/listing-memory.ts';
import type { ListedSource } from '../cache/source-listing.ts';
import type { ContextEntry, ContextListing } from '../context/context-entry.ts';
import type { FileDigests } from '../context/file-digests.ts';
import { fingerprint } from '../context/fingerprint.ts';
import { readSmallFile } from '../context/hash-file.ts';
import { resolveInRoot } from '../context/resolve-in-root.ts';
import type { ContextPlace } from '../context-place.ts';
import { nodeIdentity, type SourceNode, type SourceTree } from './source-tree.ts';

/** Up to here a file is read at once: several times faster than a stream. */
const SMALL_BYTES = 128 * 1024;

/** How a folder that is not the build context differs from it. */
export interface FolderOptions {
  /** What errors call it. */
  readonly title?: string | undefined;
  /** Mode, owner and time of its files, where they are not those on this machine. */
  readonly attributesOf?: ContextPlace['attributesOf'];
  /** What earlier builds found of the same files. */
  readonly memory?: ListingMemory | undefined;
}

/** The build context, or another folder, as a source: what the ignore file leaves, owned by root. */
export class ContextSource implements SourceTree {
  readonly title: string;
  readonly #listing: ContextListing;
  readonly #digests: FileDigests;
  readonly #attributesOf: ContextPlace['attributesOf'];
  readonly #memory: ListingMemory | undefined;
  /** Where the entry of each path stands in the listing. */
  readonly #places = new Map<string, number>();
  #folders: Map<string, string[]> | null = null;

  constructor(listing: ContextListing, digests: FileDigests, options: FolderOptions = {}) {
    this.title = options.title ?? 'the build context';
    this.#attributesOf = options.attributesOf;
    this.#listing = listing;
    this.#digests = digests;
    this.#memory = options.memory;
    for (const [place, entry] of listing.entries.entries()) this.#places.set(entry.path, place);
  }

  #entry(path: string): ContextEntry | undefined {
    const place = this.#places.get(path);
    return place === undefined ? undefined : this.#listing.entries[place];
  }

  get(path: string): SourceNode | undefined {
    if (path === '') return { path, type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0 };
    const entry = this.#entry(path);
    if (entry === undefined || entry.type === 'other') return undefined;
    const node = toNode(entry);
    if (this.#attributesOf === undefined) return node;
    const { mode, uid, gid, mtime = node.mtime } = this.#attributesOf(entry);
    return { ...node, mode, uid, gid, mtime };
  }

  resolve(path: string): string | null {
    return resolveInRoot(path, (at) => this.#entry(at)?.linkTarget ?? null).path;
  }

  names(path: string): readonly string[] {
    this.#folders ??= namesByFolder(this.#listing.entries);
    return this.#folders.get(path) ?? [];
  }

  recall(paths: readonly string[], scope: string): string | null {
    return this.#memory?.get(this.#fingerprint(paths, scope)) ?? null;
  }

  async remember(
    paths: readonly string[],
    scope: string,
    digest: string,
    signal: AbortSignal,
  ): Promise<void> {
    if (this.#memory === undefined) return;
    let isSafe = true;
    const check = (entry: ContextEntry) => {
      isSafe &&= entry.type !== 'file' || this.#digests.isKnown(entry);
    };
    for (const path of paths) await visitInSlices(this.#below(path), check, signal);
    if (isSafe) this.#memory.set(this.#fingerprint(paths, scope), digest);
  }

  #fingerprint(paths: readonly string[], scope: string): string {
    const asked = JSON.stringify([scope, paths]);
    return fingerprint(
      asked,
      paths.map((path) => this.#below(path)),
    );
  }

  /** The entry of a path and all below it, which stand together in the listing. */
  #below(path: string): readonly ContextEntry[] {
    const { entries } = this.#listing;
    if (path === '') return entries;
    const from = this.#places.get(path);
    if (from === undefined) return [];
    let to = from + 1;
    while (entries[to]?.path.startsWith(`${path}/`) === true) to += 1;
    return entries.slice(from, to);
  }

  async identify(nodes: readonly SourceNode[], signal: AbortSignal): Promise<ListedSource[]> {
    const files: ContextEntry[] = [];
    const gather = ({ type, path }: SourceNode) => {
      const entry = type === 'file' ? this.#entry(path) : undefined;
      if (entry !== undefined) files.push(entry);
    };
    await visitInSlices(nodes, gather, signal);
    const digests = await this.#digests.digestAll(files, this.#listing.root, signal);
    const identified: ListedSource[] = [];
    const identify = (node: SourceNode) =>
      void identified.push({
        path: node.path,
        identity: nodeIdentity(node, digests.get(node.path), isOwned(node)),
      });
    await visitInSlices(nodes, identify, signal);
    return identified;
  }

  placeOf(node: SourceNode): string {
    return join(this.#listing.root, node.path);
  }

  contentHash({ path }: SourceNode): string | undefined {
    const entry = this.#entry(path);
    const digest = entry === undefined ? undefined : this.#digests.known(entry);
    return digest === undefined ? undefined : splitDigest(digest).hex;
  }

  read(node: SourceNode, signal: AbortSignal): Uint8Array | AsyncIterable<Uint8Array> {
    const path = this.placeOf(node);
    if (node.size > SMALL_BYTES) return createReadStream(path, { signal, highWaterMark: 1 << 20 });
    try {
      return this.#digests.fresh.take(node.path) ?? readSmallFile(path, node.size);
    } catch (error) {
      throw new AppError('conflict', `${node.path} could not be read while it was being copied.`, {
        hint: 'It was there a moment ago. Build again.',
        detail: { kind: 'path', path: node.path },
        cause: error,
      });
    }
  }
}

function namesByFolder(entries: readonly ContextEntry[]): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const { path } of entries) {
    const slash = path.lastIndexOf('/');
    const folder = slash < 0 ? '' : path.slice(0, slash);
    const names = folders.get(folder);
    const name = path.slice(slash + 1);
    if (names === undefined) folders.set(folder, [name]);
    else names.push(name);
  }
  return folders;
}

/** Files of root are what they are in a folder of this machine: their owner does not count. */
function isOwned({ uid, gid }: SourceNode): boolean {
  return uid !== 0 || gid !== 0;
}

function toNode({ path, type, mode, size, mtimeMs, linkTarget, ino, links }: ContextEntry): SourceNode {
  const kind = type === 'other' ? 'file' : type;
  return {
    path,
    type: kind,
    mode,
    uid: 0,
    gid: 0,
    size: type === 'file' ? size : 0,
    mtime: Math.floor(mtimeMs / 1000),
    linkTarget,
    inode: type === 'file' && links > 1 ? String(ino) : undefined,
  };
}
