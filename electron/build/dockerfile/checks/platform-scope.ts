import type { Platform } from '#shared/oci/platform.ts';
import { platformArguments } from '../../plan/build-variables.ts';
import type { CheckOptions } from './check-options.ts';

const DEFAULT_PLATFORM: Platform = { os: 'linux', architecture: 'amd64' };

/** The platform arguments as the checks see them. */
export function platformsOf(options: CheckOptions): Map<string, string> {
  const target = options.targetPlatform ?? DEFAULT_PLATFORM;
  return platformArguments(target, options.buildPlatform ?? target, options.target ?? '');
}
