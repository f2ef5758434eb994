import type { Descriptor } from '#shared/oci/manifest.ts';
import type { BlobStore } from '../../image/blob-store.ts';
import type { CachePlace } from './cache-address.ts';

/** A blob of a shared cache: at hand, or in the content store by its digest. */
export interface CacheBlob {
  readonly descriptor: Descriptor;
  /** Absent: the content store has it. */
  readonly bytes?: Uint8Array | undefined;
}

/** Where one shared cache lies. What it gives is not trusted: digests and shapes are checked by those who ask. */
export interface CacheStorage {
  /** As messages call it. */
  readonly title: string;
  /** The manifest that is there now; null for none. Throws what a registry or a disk refuses with. */
  manifest(signal: AbortSignal): Promise<Buffer | null>;
  /** The bytes of a blob as they come. */
  read(blob: Descriptor, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Takes a blob into a store, which checks its digest and size. */
  fetch(blob: Descriptor, into: BlobStore, signal: AbortSignal): Promise<void>;
  /** Writes the blobs that are not there, then the manifest. */
  write(blobs: readonly CacheBlob[], manifest: Uint8Array, signal: AbortSignal): Promise<void>;
}

/** Opens the place of a shared cache; nothing is asked before its first use. */
export type OpenCacheStorage = (place: CachePlace) => Promise<CacheStorage>;
