import type { Digest } from './digest.ts';
import type { Platform } from './platform.ts';

/** Points at content: the only way one blob refers to another (image-spec, descriptor). Sizes are bytes. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  readonly platform?: Platform | undefined;
  readonly artifactType?: string | undefined;
  readonly urls?: readonly string[] | undefined;
}

/** One image for one platform. Layers are listed oldest first. */
export interface ImageManifest {
  readonly mediaType: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  readonly subject?: Descriptor | undefined;
  readonly artifactType?: string | undefined;
}

/** A list of manifests, usually one per platform. */
export interface ImageIndex {
  readonly mediaType: string;
  readonly manifests: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  readonly subject?: Descriptor | undefined;
  readonly artifactType?: string | undefined;
}
