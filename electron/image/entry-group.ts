import { createHash } from 'node:crypto';
import { createSlice } from '../platform/yield.ts';
import { MEMBER_SIZE } from './gzip-members.ts';
import type { LayerEntry } from './layer-index.ts';
import { tarPadding } from './tar/encode-entry.ts';
import { BLOCK_SIZE } from './tar/header.ts';

/** Files above this many bytes get blocks of their own. */
export const LARGE_FILE = 512 * 1024;

/** From this many bytes on a group ends before the next entry at which groups like to begin. */
const LEAST_BYTES = 256 * 1024;
/** One entry in so many is one at which groups like to begin. */
const BEGINNERS = 32;

/** How long one group is read at a time: several are read beside each other, and take their turns together. */
const SLICE_MS = 2;

const PADDING = new Uint8Array(BLOCK_SIZE);

/** The content of one file of a group. */
export interface GroupedBody {
  /** `contentHash` is there once it is known: before the content is read, or after. */
  readonly entry: Pick<LayerEntry, 'size' | 'contentHash'>;
  /** Throws `conflict` where it is not as long as the entry says. */
  read(): Promise<Uint8Array> | Uint8Array;
}

/**
 * Entries of a layer that stand together in one block of its tar. Where a group ends depends on the entries' paths and
 * sizes alone, and after a change groups soon begin at the same entries again: blocks of files that did not change are
 * those of an earlier layer, byte by byte.
 */
export class EntryGroup {
  readonly #headers: Uint8Array[] = [];
  /** One for each header. */
  readonly #bodies: (GroupedBody | null)[] = [];
  #end: Uint8Array | null = null;
  #bytes = 0;

  /** Bytes of tar. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether the entry at `path`, which takes so many bytes with its header, belongs into the next group. */
  endsBefore(path: string, bytes: number): boolean {
    if (this.#bytes === 0) return false;
    return this.#bytes + bytes > MEMBER_SIZE || (this.#bytes >= LEAST_BYTES && isBeginner(path));
  }

  add(header: Uint8Array, body: GroupedBody | null): void {
    this.#headers.push(header);
    this.#bodies.push(body);
    this.#bytes += header.length + (body === null ? 0 : bytesOf(body));
  }

  /** Puts the end of the archive after the last entry. */
  close(end: Uint8Array): void {
    this.#end = end;
    this.#bytes += end.length;
  }

  /** What the block will hold, as a digest, once all contents are known; null before. */
  key(scope: string): string | null {
    const contents: string[] = [];
    for (const body of this.#bodies) {
      if (body === null) continue;
      if (body.entry.contentHash === undefined) return null;
      contents.push(body.entry.contentHash);
    }
    // All at once: the calls for each alone would take longer than the hashing.
    const hash = createHash('sha256').update(scope).update(Buffer.concat(this.#headers));
    hash.update(contents.join(' '));
    if (this.#end !== null) hash.update(this.#end);
    return hash.digest('hex').slice(0, 32);
  }

  /** Whether a block of this length has the group's headers at their places. */
  matches(block: Buffer): boolean {
    let at = 0;
    for (const [place, header] of this.#headers.entries()) {
      if (block.compare(header, 0, header.length, at, at + header.length) !== 0) return false;
      const body = this.#bodies[place];
      at += header.length + (body == null ? 0 : bytesOf(body));
    }
    return true;
  }

  /** The block's bytes; reads what is not read yet. Throws as the bodies do. */
  async read(): Promise<Buffer> {
    const slice = createSlice(SLICE_MS);
    const block = Buffer.allocUnsafeSlow(this.#bytes);
    let at = 0;
    const put = (bytes: Uint8Array) => {
      block.set(bytes, at);
      at += bytes.length;
    };
    for (const [place, header] of this.#headers.entries()) {
      put(header);
      const body = this.#bodies[place];
      if (body == null) continue;
      const content = body.read();
      put(content instanceof Uint8Array ? content : await content);
      put(PADDING.subarray(0, tarPadding(body.entry.size)));
      if (slice.due()) await slice.pause();
    }
    if (this.#end !== null) put(this.#end);
    return block;
  }
}

function bytesOf({ entry: { size } }: GroupedBody): number {
  return size + tarPadding(size);
}

/** Decided by the path alone (FNV-1a), so that it is the same entry in every layer. */
function isBeginner(path: string): boolean {
  let hash = 0x811c9dc5;
  for (let at = 0; at < path.length; at += 1) hash = Math.imul(hash ^ path.charCodeAt(at), 0x01000193);
  return (hash >>> 8) % BEGINNERS === 0;
}
