import { resolve } from 'node:path';
import type { BuildOptions } from '#shared/contract/projects.ts';
import { readNamedContexts } from '../build/inputs/named-contexts.ts';
import type { Grants } from '../settings/grants.ts';
import type { StoredProject } from '../settings/projects-store.ts';

/**
 * Checks every path that the options of a build name: it lies in the project, was chosen, or stands in the options that
 * are remembered, so that it still holds after a restart. Throws `forbidden`, and `invalid-input` for contexts that
 * cannot be read.
 */
export function requireBuildPaths(
  grants: Grants,
  project: Pick<StoredProject, 'path' | 'options'>,
  options: BuildOptions,
): void {
  const remembered = new Set(
    pathsOf(project.path, project.options).map((path) => resolve(project.path, path)),
  );
  for (const path of pathsOf(project.path, options))
    if (!remembered.has(resolve(project.path, path))) grants.requireWithin(project.path, path);
}

function pathsOf(folder: string, options: BuildOptions): string[] {
  const { dockerfile, secrets = [], ssh = [], contexts = {} } = options;
  const named = readNamedContexts(contexts, folder).all();
  const paths = [
    dockerfile,
    ...secrets.map(({ file }) => file),
    ...ssh.map(({ socket }) => socket),
    ...named.map((context) => ('path' in context ? context.path : undefined)),
  ];
  return paths.filter((path): path is string => path !== undefined && path !== '');
}
