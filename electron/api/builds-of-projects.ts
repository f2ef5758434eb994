import type { BuildSummary } from '#shared/contract/builds.ts';
import type { BuildRecords } from '../engine/ports.ts';
import type { ProjectsStore } from '../settings/projects-store.ts';

/** The history of builds, where one that was started in a terminal belongs to the project of its folder. */
export function buildsOfProjects(records: BuildRecords, projects: ProjectsStore): BuildRecords {
  const attribution = async () => {
    const byPath = new Map((await projects.list()).map(({ path, id }) => [path, id]));
    return <T extends BuildSummary>(build: T): T => ({
      ...build,
      projectId: build.projectId ?? byPath.get(build.contextPath) ?? null,
    });
  };
  return {
    ...records,
    list: async ({ projectId }) =>
      (await records.list({}))
        .map(await attribution())
        .filter((build) => projectId === undefined || build.projectId === projectId),
    get: async (id) => (await attribution())(await records.get(id)),
  };
}
