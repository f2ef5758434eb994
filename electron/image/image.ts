import type { Readable } from 'node:stream';
import type { ImageConfig } from '#shared/oci/config.ts';
import type { DiffId, Digest } from '#shared/oci/digest.ts';
import type { Descriptor, ImageManifest } from '#shared/oci/manifest.ts';
import type { Reference } from '#shared/oci/reference.ts';
import type { Wake } from '../platform/wake.ts';
import type { LayerIndex } from './layer-index.ts';

/**
 * One layer, wherever its bytes live: an immutable view. Readers check digest and diffId while the
 * bytes stream by and fail with `digest-mismatch`.
 */
export interface Layer {
  /** Of the blob as the manifest names it, compressed or not. */
  readonly digest: Digest;
  /** Of the uncompressed tar. */
  readonly diffId: DiffId;
  /** Bytes of the blob: what a transfer costs. */
  readonly size: number;
  readonly mediaType: string;
  /** The blob as it is, verified against `digest`. */
  compressed(signal?: AbortSignal): Promise<Readable>;
  /** The tar, verified against `diffId`. */
  uncompressed(signal?: AbortSignal): Promise<Readable>;
  /** What the layer holds; made once by streaming the layer, remembered where the medium can. */
  index(signal?: AbortSignal): Promise<LayerIndex>;
}

/** One image for one platform, wherever it lives. `layers` and `config.diffIds` are oldest first. */
export interface Image {
  /** Of the manifest. */
  readonly digest: Digest;
  readonly mediaType: string;
  /** The manifest's bytes as they are, `digest` is their hash. */
  readonly rawManifest: Uint8Array;
  readonly manifest: ImageManifest;
  readonly rawConfig: Uint8Array;
  readonly config: ImageConfig;
  readonly layers: readonly Layer[];
}

/** How far one blob of a transfer is. */
export type BlobState =
  | 'waiting'
  | 'exists'
  | 'mounted'
  | 'transferring'
  | 'retrying'
  | 'verifying'
  | 'done'
  | 'failed';

export interface BlobProgress {
  readonly descriptor: Descriptor;
  readonly state: BlobState;
  /** Bytes moved so far, at most `descriptor.size`. */
  readonly done: number;
  readonly note?: string | undefined;
  /** When a blob in state `retrying` is tried again, milliseconds since 1970. */
  readonly retryAt?: number | undefined;
}

export interface TransferOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onBlob?: ((progress: BlobProgress) => void) | undefined;
  /** Names blobs by digest, once it is known what made them. */
  readonly onLabels?: ((labels: ReadonlyMap<string, string>) => void) | undefined;
  /** Ends waits between tries early. */
  readonly wake?: Wake | undefined;
  /** Told when a question to the registry is asked again, and by null when it was answered. */
  readonly onWait?: ((wait: TransferWait | null) => void) | undefined;
  /** Called when all has been sent and the tag is about to be set; what it throws ends the push before that. */
  readonly beforeTag?: (() => Promise<void>) | undefined;
}

/** A question to a registry that is about to be asked again. */
export interface TransferWait {
  readonly why: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Where images can be read from. Throws `not-found` when the reference names nothing there. */
export interface ImageSource {
  open(reference: Reference, signal?: AbortSignal): Promise<Image>;
}

/** Where an image can be written to. Blobs are complete and verified before any name points at them. */
export interface ImageSink {
  write(image: Image, reference: Reference, options?: TransferOptions): Promise<Descriptor>;
}
