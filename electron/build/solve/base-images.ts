import type { ImageConfig } from '#shared/oci/config.ts';
import type { Digest } from '#shared/oci/digest.ts';
import type { Platform } from '#shared/oci/platform.ts';
import type { Reference } from '#shared/oci/reference.ts';
import type { LayerRecord } from '../../store/image-records.ts';

export interface FetchOptions {
  readonly signal: AbortSignal;
  log(text: string): void;
}

/** A base image whose manifest and config lie in the store. */
export interface BaseImage {
  /** Of the manifest. */
  readonly digest: Digest;
  /** Oldest first. */
  readonly layers: readonly LayerRecord[];
  readonly config: ImageConfig;
  /** Brings its layers into the store and makes it known under its name; absent for an image that is whole. */
  readonly pull?: ((options: FetchOptions) => Promise<void>) | undefined;
}

/** Where FROM and COPY --from find images. */
export interface BaseImages {
  /** The image if the store knows what this name is for this platform, null else; asks no registry. */
  find(reference: Reference, platform: Platform): Promise<BaseImage | null>;
  /** Asks its registry, without its layers. Throws `base-not-found` and what a registry may answer. */
  fetch(reference: Reference, platform: Platform, options: FetchOptions): Promise<BaseImage>;
}
