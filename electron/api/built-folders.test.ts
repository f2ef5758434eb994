import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { record } from '../insight/testing/records.ts';
import { listBuiltFolders, requireBuiltFolder } from './built-folders.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strata-built-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('each folder that the command line built is told once, by its newest build', async () => {
  const builds = [
    record({ id: 'newest', contextPath: folder, tags: ['app:2'] }),
    record({ id: 'older', contextPath: folder, tags: ['app:1'] }),
    record({ id: 'of-a-project', contextPath: tmpdir(), projectId: 'p' }),
    record({ id: 'gone', contextPath: join(folder, 'gone') }),
    record({ id: 'remote', contextPath: 'https://example.com/app.git' }),
  ];
  expect(await listBuiltFolders(builds)).toMatchObject([
    { build: 'newest', name: basename(folder), tags: ['app:2'] },
  ]);
});

it('what names files outside of the folder is not taken over', async () => {
  const options = {
    tags: ['app:1'],
    buildArgs: { A: '1' },
    noCache: true,
    engine: 'builtin',
    target: 'run',
    secrets: [{ id: 'key', file: '/etc/shadow' }],
    contexts: { lib: '/srv/lib' },
    dockerfile: '/srv/Dockerfile',
  };
  const get = async () => record({ contextPath: folder, options });
  expect((await requireBuiltFolder({ get }, 'one')).options).toEqual({
    tags: ['app:1'],
    buildArgs: { A: '1' },
    noCache: false,
    engine: 'builtin',
    target: 'run',
  });
  const inside = async () =>
    record({ contextPath: folder, options: { ...options, dockerfile: 'docker/Dockerfile' } });
  expect((await requireBuiltFolder({ get: inside }, 'one')).options.dockerfile).toBe('docker/Dockerfile');
});

it('a folder that is gone is not added', async () => {
  const get = async () => record({ contextPath: join(folder, 'gone') });
  await expect(requireBuiltFolder({ get }, 'one')).rejects.toMatchObject({ code: 'not-found' });
});
