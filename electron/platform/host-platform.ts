import { normalizePlatform, type Platform } from '#shared/oci/platform.ts';

/** The platform that containers of this machine run on: Linux with this machine's processor. */
export function hostPlatform(): Platform {
  return normalizePlatform({ os: 'linux', architecture: process.arch });
}
