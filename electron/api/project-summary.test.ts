import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { record } from '../insight/testing/records.ts';
import { summarizeProject } from './project-summary.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strata-project-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('the last build of a project is the newest of its folder, also one of the command line', async () => {
  const options = { tags: [], buildArgs: {}, noCache: false, engine: 'builtin' };
  const project = { id: 'p', name: 'app', path: folder, addedAt: 0, options };
  const builds = [
    record({ id: 'elsewhere', projectId: null, contextPath: `${folder}/other` }),
    record({ id: 'other-project', projectId: 'q', contextPath: folder }),
    record({ id: 'by-hand', projectId: null, contextPath: folder }),
    record({ id: 'by-page', projectId: 'p', contextPath: folder }),
  ];
  expect((await summarizeProject(project, builds)).lastBuild?.id).toBe('by-hand');
  expect((await summarizeProject(project, builds.slice(3))).lastBuild?.id).toBe('by-page');
  expect((await summarizeProject(project, builds.slice(0, 2))).lastBuild).toBeNull();
});
