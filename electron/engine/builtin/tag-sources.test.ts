import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { BuildSummary } from '#shared/contract/builds.ts';
import { createTagSources } from './tag-sources.ts';

const run = promisify(execFile);
const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'init.defaultBranch=main'];

let folder: string;
const git = (...args: string[]) => run('git', [...who, ...args], { cwd: folder });
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strata-git-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const sources = () =>
  createTagSources({
    list: async () => [{ digest: 'sha256:a', imageId: 'sha256:c', contextPath: folder } as BuildSummary],
  });

it('tells commit, distance to the last tag and branch of the folder that an image was built from', async () => {
  await git('init');
  await writeFile(join(folder, 'a'), '1');
  await git('add', '.');
  await git('commit', '-m', 'one');
  await git('tag', 'v1.4.2');
  await writeFile(join(folder, 'a'), '2');
  await git('commit', '-am', 'two');
  await git('checkout', '-b', 'feature/x');
  const found = await sources().find('sha256:a');
  expect(found).toMatchObject({ folder, git: { branch: 'feature/x', isChanged: false } });
  expect(found?.git?.commit).toMatch(/^[0-9a-f]{7}$/);
  expect(found?.git?.describe).toBe(`v1.4.2-1-g${found?.git?.commit}`);
  await writeFile(join(folder, 'a'), '3');
  expect((await sources().find('sha256:c'))?.git?.isChanged).toBe(true);
});

it('knows nothing of a folder without git, of a repository without a commit, and of images built elsewhere', async () => {
  expect(await sources().find('sha256:a')).toEqual({ folder, git: null });
  await git('init');
  expect(await sources().find('sha256:a')).toEqual({ folder, git: null });
  expect(await sources().find('sha256:b')).toBeNull();
  await rm(folder, { recursive: true });
  expect(await sources().find('sha256:a')).toEqual({ folder, git: null });
});
