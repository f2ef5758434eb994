import type { Platform } from '#shared/oci/platform.ts';
import type { IgnoreMatcher } from '../../context/ignore.ts';

/** What the checks may know of a base image. */
export interface KnownBase {
  readonly env: ReadonlyMap<string, string>;
  readonly platform?: Platform | undefined;
  /** The SHELL in its config, if it has one. */
  readonly shell?: readonly string[] | undefined;
}

export interface CheckOptions {
  readonly buildArgs?: ReadonlyMap<string, string> | undefined;
  /** Only the stages that this one needs are looked into. Default: all. */
  readonly target?: string | undefined;
  /** The patterns of the ignore file, for COPY of what it leaves out. */
  readonly ignore?: IgnoreMatcher | undefined;
  /** What is known of a base image without asking a registry; undefined when nothing is. */
  readonly baseImage?: ((reference: string) => KnownBase | undefined) | undefined;
  /** Platform of the image that is built and of this machine. Default linux/amd64. */
  readonly targetPlatform?: Platform | undefined;
  readonly buildPlatform?: Platform | undefined;
}
