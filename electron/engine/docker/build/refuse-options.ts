import type { BuildOptions } from '#shared/contract/projects.ts';
import { AppError } from '#shared/errors/app-error.ts';

/** Options that only the built-in engine knows, as the command line calls them. */
const BUILT_IN_ONLY = {
  secrets: '--secret',
  ssh: '--ssh',
  contexts: '--build-context',
  allow: '--allow',
  noCacheFilter: '--no-cache-filter',
  cacheFrom: '--cache-from',
  cacheTo: '--cache-to',
} as const satisfies Partial<Record<keyof BuildOptions, string>>;

/** Throws `unsupported` for an option that a build on an engine would leave out without a word. */
export function refuseOptions(options: BuildOptions, engine: string): void {
  for (const [name, flag] of Object.entries(BUILT_IN_ONLY)) {
    const value = options[name as keyof typeof BUILT_IN_ONLY];
    if (value === undefined || Object.keys(value).length === 0) continue;
    throw new AppError('unsupported', `Builds on ${engine} cannot be given ${flag} by Strata.`, {
      hint: 'Build with the built-in engine, or leave the option out.',
    });
  }
}
