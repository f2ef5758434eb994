import type { AppError } from '#shared/errors/app-error.ts';
import type { Platform } from '#shared/oci/platform.ts';
import { whyNotRunnable } from '../../sandbox/foreign-programs.ts';
import { type SourcePlace, sourceError } from '../dockerfile/source-error.ts';

/**
 * FROM and settings work for every platform; to run its programs takes one that this machine can execute. Throws
 * `dockerfile-invalid` at the RUN where it cannot.
 */
export async function refuseForeign(platform: Platform, place: SourcePlace): Promise<void> {
  const reason = await whyNotRunnable(platform);
  if (reason !== null) throw foreignError(place, reason);
}

/** The error at a RUN that cannot run here; `reason` is what {@link whyNotRunnable} says. */
export function foreignError(place: SourcePlace, reason: string): AppError {
  return sourceError(
    place,
    `RUN cannot run here: ${reason}.`,
    'Install an emulator (Debian: qemu-user-static), build for this platform, or make the files in a stage with FROM --platform=$BUILDPLATFORM.',
  );
}
