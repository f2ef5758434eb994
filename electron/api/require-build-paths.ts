import type { BuildOptions } from '#shared/contract/projects.ts';
import { readNamedContexts } from '../build/inputs/named-contexts.ts';
import type { Grants } from '../settings/grants.ts';

/**
 * Checks every path that the options of a build name: it lies in the project or was chosen. Throws `forbidden`, and
 * `invalid-input` for contexts that cannot be read.
 */
export function requireBuildPaths(grants: Grants, folder: string, options: BuildOptions): void {
  const { dockerfile, secrets = [], ssh = [], contexts = {} } = options;
  const named = readNamedContexts(contexts, folder).all();
  const paths = [
    dockerfile,
    ...secrets.map(({ file }) => file),
    ...ssh.map(({ socket }) => socket),
    ...named.map((context) => ('path' in context ? context.path : undefined)),
  ];
  for (const path of paths) if (path !== undefined && path !== '') grants.requireWithin(folder, path);
}
