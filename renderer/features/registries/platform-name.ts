import type { z } from 'zod';
import type { platform } from '#shared/contract/common.ts';

/** `linux/arm/v7`. */
export function platformName({ os, architecture, variant }: z.infer<typeof platform>): string {
  return [os, architecture, variant].filter(Boolean).join('/');
}
