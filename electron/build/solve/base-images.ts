import type { ImageConfig } from '#shared/oci/config.ts';
import type { Platform } from '#shared/oci/platform.ts';
import type { Reference } from '#shared/oci/reference.ts';
import type { ImageRecord } from '../../store/image-records.ts';

/** A base image that lies in the store. */
export interface BaseImage {
  readonly record: ImageRecord;
  readonly config: ImageConfig;
}

/** Where FROM and COPY --from find images. */
export interface BaseImages {
  /** The image if the store has it under this name for this platform, null else; asks no registry. */
  find(reference: Reference, platform: Platform): Promise<BaseImage | null>;
  /** Fetches it into the store. Throws `base-not-found` and what a registry may answer. */
  fetch(
    reference: Reference,
    platform: Platform,
    options: { signal: AbortSignal; log(text: string): void },
  ): Promise<BaseImage>;
}
