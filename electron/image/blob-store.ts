import type { Readable } from 'node:stream';
import type { Digest } from '#shared/oci/digest.ts';

/** A part of a blob in bytes: `start` inclusive, `end` exclusive, both optional. */
export interface ByteRange {
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

export interface IngestOptions {
  /** What the bytes must turn out to be; without it the digest is found at the end. */
  readonly expected?: { readonly digest: Digest; readonly size?: number | undefined } | undefined;
  /**
   * A name under which unfinished bytes are kept, so that a later ingest with the same key goes on where this
   * one stopped, also in another process.
   */
  readonly key?: string | undefined;
}

/** Bytes on their way to become a blob. Nothing is visible in the store before `commit`. */
export interface BlobWriter {
  /** Bytes that are there already: more than 0 only where an earlier ingest with this key was kept. */
  readonly offset: number;
  /** Appends one chunk after the other; resolves when the writer can take more and looks at these no longer. */
  write(...chunks: readonly Uint8Array[]): Promise<void>;
  /**
   * Makes the blob durable and visible. Throws `digest-mismatch`, and forgets the bytes, where they are not as expected.
   * `expected` is for who learns only now what they should be; it counts only where the options named nothing.
   */
  commit(expected?: Digest): Promise<{ readonly digest: Digest; readonly size: number }>;
  /** Ends without a blob; `keep` leaves the bytes for the next ingest with the same key. */
  abort(options?: { readonly keep?: boolean }): Promise<void>;
}

/** Blobs by digest: the part of a content store that transfers need. */
export interface BlobStore {
  has(digest: Digest): Promise<boolean>;
  /** Size in bytes, null where the blob is not there. */
  size(digest: Digest): Promise<number | null>;
  /**
   * Says that the blob is wanted now, so that no clean-up removes it before a name points at it. False when it is not
   * there, or has another size than it should.
   */
  touch(digest: Digest, size?: number): Promise<boolean>;
  /** The blob's bytes; the stream fails with `not-found` where it is not there. */
  open(digest: Digest, range?: ByteRange): Readable;
  ingest(options: IngestOptions): Promise<BlobWriter>;
  /**
   * Whether another process writes with this key now; `senior`: one that goes before this process where both began at
   * the same moment.
   */
  isIncoming(key: string, rank: 'any' | 'senior'): Promise<boolean>;
}
