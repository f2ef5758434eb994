import { stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { BuildSummary } from '#shared/contract/builds.ts';
import type { ProjectSummary } from '#shared/contract/projects.ts';
import { displayPath } from '../platform/paths.ts';
import type { StoredProject } from '../settings/projects-store.ts';

/** The project as the page shows it. `builds` are newest first and may be of other projects too. */
export async function summarizeProject(
  project: StoredProject,
  builds: readonly BuildSummary[],
): Promise<ProjectSummary> {
  const last = builds.find((build) => isOfProject(build, project));
  return {
    ...project,
    displayPath: displayPath(project.path),
    lastBuild:
      last === undefined
        ? null
        : {
            id: last.id,
            state: last.state,
            startedAt: last.startedAt,
            ms: last.ms,
            hits: last.hits,
            steps: last.steps,
          },
    problem: await findProblem(project),
  };
}

/** Builds of the command line know no project, but the folder is the same. */
function isOfProject({ projectId, contextPath }: BuildSummary, project: StoredProject): boolean {
  return projectId === null ? contextPath === project.path : projectId === project.id;
}

async function findProblem(project: StoredProject): Promise<string | null> {
  if (!(await isThere(project.path, 'folder'))) return 'The folder is gone.';
  const name = project.options.dockerfile;
  const candidates = name === undefined ? ['Dockerfile', 'Containerfile'] : [name];
  for (const one of candidates) {
    if (await isThere(isAbsolute(one) ? one : join(project.path, one), 'file')) return null;
  }
  return `There is no ${candidates[0]} in the folder.`;
}

async function isThere(path: string, what: 'folder' | 'file'): Promise<boolean> {
  return stat(path).then(
    (info) => (what === 'folder' ? info.isDirectory() : info.isFile()),
    () => false,
  );
}
