import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import type { ListedSource } from '../cache/source-listing.ts';
import type { ContextEntry, ContextListing } from '../context/context-entry.ts';
import type { FileDigests } from '../context/file-digests.ts';
import { resolveInRoot } from '../context/resolve-in-root.ts';
import { nodeIdentity, type SourceNode, type SourceTree } from './source-tree.ts';

/** Up to here a file is read at once: several times faster than a stream. */
const SMALL_BYTES = 128 * 1024;

/** How a folder that is not the build context differs from it. */
export interface FolderOptions {
  /** What errors call it. */
  readonly title?: string | undefined;
  /** Seconds since the epoch: the time of all its files, instead of their own. */
  readonly mtime?: number | undefined;
}

/** The build context, or another folder, as a source: what the ignore file leaves, owned by root. */
export class ContextSource implements SourceTree {
  readonly title: string;
  readonly #listing: ContextListing;
  readonly #digests: FileDigests;
  readonly #mtime: number | undefined;
  readonly #entries = new Map<string, ContextEntry>();
  readonly #names = new Map<string, string[]>();

  constructor(listing: ContextListing, digests: FileDigests, options: FolderOptions = {}) {
    this.title = options.title ?? 'the build context';
    this.#mtime = options.mtime;
    this.#listing = listing;
    this.#digests = digests;
    for (const entry of listing.entries) this.#add(entry);
  }

  #add(entry: ContextEntry): void {
    this.#entries.set(entry.path, entry);
    const slash = entry.path.lastIndexOf('/');
    const folder = slash < 0 ? '' : entry.path.slice(0, slash);
    const names = this.#names.get(folder);
    const name = entry.path.slice(slash + 1);
    if (names === undefined) this.#names.set(folder, [name]);
    else names.push(name);
  }

  get(path: string): SourceNode | undefined {
    if (path === '') return { path, type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0 };
    const entry = this.#entries.get(path);
    if (entry === undefined || entry.type === 'other') return undefined;
    const node = toNode(entry);
    return this.#mtime === undefined ? node : { ...node, mtime: this.#mtime };
  }

  resolve(path: string): string | null {
    return resolveInRoot(path, (at) => this.#entries.get(at)?.linkTarget ?? null).path;
  }

  names(path: string): readonly string[] {
    return this.#names.get(path) ?? [];
  }

  async identify(nodes: readonly SourceNode[], signal: AbortSignal): Promise<ListedSource[]> {
    const files = nodes.flatMap((node) => (node.type === 'file' ? (this.#entries.get(node.path) ?? []) : []));
    const digests = await this.#digests.digestAll(files, this.#listing.root, signal);
    return nodes.map((node) => ({
      path: node.path,
      identity: nodeIdentity(node, digests.get(node.path), false),
    }));
  }

  placeOf(node: SourceNode): string {
    return join(this.#listing.root, node.path);
  }

  read(node: SourceNode, signal: AbortSignal): Uint8Array | AsyncIterable<Uint8Array> {
    const path = this.placeOf(node);
    if (node.size > SMALL_BYTES) return createReadStream(path, { signal, highWaterMark: 1 << 20 });
    try {
      return readFileSync(path);
    } catch (error) {
      throw new AppError('conflict', `${node.path} could not be read while it was being copied.`, {
        hint: 'It was there a moment ago. Build again.',
        detail: { kind: 'path', path: node.path },
        cause: error,
      });
    }
  }
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
