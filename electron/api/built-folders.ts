import { basename, isAbsolute, resolve } from 'node:path';
import type { BuildSummary } from '#shared/contract/builds.ts';
import type { BuildOptions, BuiltFolder } from '#shared/contract/projects.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { BuildRecords } from '../engine/ports.ts';
import { isFolder } from '../platform/is-folder.ts';
import { isWithin } from '../platform/is-within.ts';
import { displayPath } from '../platform/paths.ts';

/**
 * Folders that the command line built, that belong to no project and are still there; of `builds`, which are newest
 * first, and in their order.
 */
export async function listBuiltFolders(builds: readonly BuildSummary[]): Promise<BuiltFolder[]> {
  const newest = new Map<string, BuildSummary>();
  for (const build of builds)
    if (isOfNoProject(build) && !newest.has(build.contextPath)) newest.set(build.contextPath, build);
  const found = await Promise.all(
    [...newest.values()].map(async (build) => ((await isFolder(build.contextPath)) ? [build] : [])),
  );
  return found.flat().map(({ id, contextPath, tags, state, startedAt }) => ({
    build: id,
    name: basename(contextPath) || contextPath,
    displayPath: displayPath(contextPath),
    tags,
    state,
    startedAt,
  }));
}

/**
 * The folder that a build of the history was made from, with what a project can keep of its options. The page
 * names a build, never a path: what a person built in a terminal was chosen there. Throws `not-found`.
 */
export async function requireBuiltFolder(
  records: Pick<BuildRecords, 'get'>,
  id: string,
): Promise<{ readonly contextPath: string; readonly options: BuildOptions }> {
  const { contextPath, options } = await records.get(id);
  if (!isAbsolute(contextPath) || !(await isFolder(contextPath)))
    throw new AppError('not-found', `The folder ${displayPath(contextPath)} is not there any more.`, {
      hint: 'Open the folder where it is now.',
    });
  return { contextPath, options: keptOptions(contextPath, options) };
}

function isOfNoProject({ projectId, contextPath }: BuildSummary): boolean {
  return projectId === null && isAbsolute(contextPath);
}

/** Without what names files outside the folder (secrets, agents, contexts, caches): those are chosen in the window. */
function keptOptions(folder: string, options: BuildOptions): BuildOptions {
  const { dockerfile, tags, target, buildArgs, platform, labels, reproducible, engine } = options;
  const isInside = dockerfile !== undefined && isWithin(resolve(folder, dockerfile), folder);
  return {
    tags,
    buildArgs,
    engine,
    noCache: false,
    ...(isInside ? { dockerfile } : {}),
    ...(target === undefined ? {} : { target }),
    ...(platform === undefined ? {} : { platform }),
    ...(labels === undefined ? {} : { labels }),
    ...(reproducible === undefined ? {} : { reproducible }),
  };
}
