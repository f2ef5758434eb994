import type { Platform } from './platform.ts';
import type { WireReader } from './wire.ts';

/** The platform in a descriptor's `platform` or at the top of an image config; throws `malformed`. */
export function readPlatform(wire: WireReader): Platform {
  const os = wire.text('os') ?? '';
  const architecture = wire.text('architecture') ?? '';
  const variant = wire.text('variant') || undefined;
  const osVersion = wire.text('os.version') || undefined;
  return {
    os,
    architecture,
    ...(variant === undefined ? {} : { variant }),
    ...(osVersion === undefined ? {} : { osVersion }),
  };
}

/** The wire form of a platform, in the order that Go's image-spec writes it. */
export function writePlatform(platform: Platform): Record<string, string> {
  return {
    architecture: platform.architecture,
    os: platform.os,
    ...(platform.osVersion ? { 'os.version': platform.osVersion } : {}),
    ...(platform.variant ? { variant: platform.variant } : {}),
  };
}
