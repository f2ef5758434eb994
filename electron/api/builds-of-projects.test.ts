import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createBuildRecords } from '../engine/builtin/build-records.ts';
import { ProjectsStore } from '../settings/projects-store.ts';
import { buildsOfProjects } from './builds-of-projects.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'strata-attributed-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

it('gives a build that was started in a terminal to the project of its folder, and no other', async () => {
  const projects = new ProjectsStore(home, () => undefined);
  const builds = buildsOfProjects(createBuildRecords(join(home, 'builds')), projects);
  const begin = async (id: string, contextPath: string, projectId: string | null) => {
    const options = { tags: [], buildArgs: {}, noCache: false, engine: 'builtin' };
    await builds.begin(id, { operationId: id, projectId, name: id, contextPath, engine: 'builtin', options });
  };
  const web = join(home, 'web');
  await mkdir(web);
  const { id } = await projects.add(web);
  await begin('here', web, null);
  await begin('elsewhere', home, null);
  await begin('removed', web, 'a project that is gone');
  const listed = await builds.list({});
  expect(Object.fromEntries(listed.map((build) => [build.name, build.projectId]))).toEqual({
    here: id,
    elsewhere: null,
    removed: 'a project that is gone',
  });
  expect((await builds.list({ projectId: id })).map((build) => build.name)).toEqual(['here']);
  expect((await builds.get('here')).projectId).toBe(id);
});
