import type { BuildOptions } from '#shared/contract/projects.ts';
import { refuseHidden } from './remote-address.ts';

/**
 * Refuses the options of a record in which an address had a user and a password: they were not kept, and without them
 * the build would fail at a step and for a reason that say nothing of it. Throws `unauthorized`.
 */
export function requireCredentials({ dockerfile = '', contexts = {}, buildArgs }: BuildOptions): void {
  for (const text of [dockerfile, ...Object.values(contexts), ...Object.values(buildArgs)])
    refuseHidden(text);
}
