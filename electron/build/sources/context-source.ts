import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { splitDigest } from '#shared/oci/digest.ts';
import { visitInSlices } from '../../platform/yield.ts';
import type { ListingMemory } from '../cache/listing-memory.ts';
import type { ListedSource } from '../cache/source-listing.ts';
import type { ContextEntry, ContextListing } from '../context/context-entry.ts';
import type { FileDigests } from '../context/file-digests.ts';
import { type EntryRange, fingerprint } from '../context/fingerprint.ts';
import { readSmallFile } from '../context/hash-file.ts';
import { resolveInRoot } from '../context/resolve-in-root.ts';
import type { ContextPlace, EntryAttributes } from '../context-place.ts';
import { ContextNode } from './context-node.ts';
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

  constructor(listing: ContextListing, digests: FileDigests, options: FolderOptions = {}) {
    this.title = options.title ?? 'the build context';
    this.#attributesOf = options.attributesOf;
    this.#listing = listing;
    this.#digests = digests;
    this.#memory = options.memory;
  }

  get(path: string): SourceNode | undefined {
    if (path === '') return { path, type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0 };
    const place = this.#listing.entries.find(path);
    return place === null ? undefined : this.#node(place);
  }

  resolve(path: string): string | null {
    return resolveInRoot(path, (at) => this.#entry(at)?.linkTarget ?? null).path;
  }

  *children(path: string): Generator<SourceNode> {
    const { entries } = this.#listing;
    const { from, to } = this.#below(path);
    for (let place = path === '' ? from : from + 1; place < to; place = entries.endOf(place)) {
      const node = this.#node(place);
      if (node !== undefined) yield node;
    }
  }

  #node(place: number): SourceNode | undefined {
    const { entries } = this.#listing;
    if (entries.typeAt(place) === 'other') return undefined;
    const node = new ContextNode(entries, place);
    const entry = this.#attributesOf === undefined ? undefined : entries.at(place);
    const attributes = entry === undefined ? undefined : this.#attributesOf?.(entry);
    return attributes === undefined ? node : withAttributes(node, attributes);
  }

  #entry(path: string): ContextEntry | undefined {
    const place = this.#listing.entries.find(path);
    return place === null ? undefined : this.#listing.entries.at(place);
  }

  async recall(paths: readonly string[], scope: string): Promise<string | null> {
    return this.#memory?.get(await this.#fingerprint(paths, scope)) ?? null;
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
    for (const path of paths) {
      const { from, to } = this.#below(path);
      await visitInSlices(this.#listing.entries.slice(from, to), check, signal);
    }
    if (isSafe) this.#memory.set(await this.#fingerprint(paths, scope, signal), digest);
  }

  #fingerprint(paths: readonly string[], scope: string, signal?: AbortSignal): Promise<string> {
    const ranges = paths.map((path) => this.#below(path));
    return fingerprint(JSON.stringify([scope, paths]), this.#listing.entries, ranges, signal);
  }

  /** The entry of a path and all below it, which stand together in the listing. */
  #below(path: string): EntryRange {
    const { entries } = this.#listing;
    if (path === '') return { from: 0, to: entries.length };
    const from = entries.find(path);
    return from === null ? { from: 0, to: 0 } : { from, to: entries.endOf(from) };
  }

  async identify(
    nodes: readonly SourceNode[],
    visit: (source: ListedSource) => void,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#digests.readAll(this.#filesOf(nodes), this.#listing.root, signal);
    const identify = (node: SourceNode) => {
      const digest = node.type === 'file' ? this.#digests.found(node.path) : undefined;
      visit({ path: node.path, identity: nodeIdentity(node, digest, isOwned(node)) });
    };
    await visitInSlices(nodes, identify, signal);
  }

  *#filesOf(nodes: readonly SourceNode[]): Generator<ContextEntry> {
    for (const { type, path } of nodes) {
      const entry = type === 'file' ? this.#entry(path) : undefined;
      if (entry !== undefined) yield entry;
    }
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

/** Files of root are what they are in a folder of this machine: their owner does not count. */
function isOwned({ uid, gid }: SourceNode): boolean {
  return uid !== 0 || gid !== 0;
}

function withAttributes(
  node: SourceNode,
  { mode, uid, gid, mtime = node.mtime }: EntryAttributes,
): SourceNode {
  const { path, type, size, linkTarget, inode } = node;
  return { path, type, mode, uid, gid, size, mtime, linkTarget, inode };
}
