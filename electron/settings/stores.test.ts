import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildOptions } from '#shared/contract/projects.ts';
import { browseFolder } from './browse-folder.ts';
import { Grants } from './grants.ts';
import { ProjectsStore } from './projects-store.ts';
import { SettingsStore } from './settings-store.ts';

let home: string;
const broken: { path: string; kept: string }[] = [];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'strata-settings-'));
  broken.length = 0;
});
afterEach(() => rm(home, { recursive: true, force: true }));

const openSettings = () => new SettingsStore(home, (notice) => void broken.push(notice));
const openProjects = () => new ProjectsStore(home, (notice) => void broken.push(notice));

describe('settings', () => {
  it('are the defaults before anything was chosen, and nothing is written by reading', async () => {
    expect(await openSettings().get()).toMatchObject({ theme: 'system', engine: 'builtin', mirrors: {} });
    expect(await readdir(home)).toEqual([]);
  });

  it('keep what was chosen and leave the rest as it was', async () => {
    await openSettings().update({ theme: 'dark', insecureHosts: ['localhost:5000'] });
    await openSettings().update({ mirrors: { 'docker.io': 'localhost:5000' }, engine: undefined });
    expect(await openSettings().get()).toMatchObject({
      theme: 'dark',
      engine: 'builtin',
      insecureHosts: ['localhost:5000'],
      mirrors: { 'docker.io': 'localhost:5000' },
    });
  });

  it('lose nothing when many change at once', async () => {
    const settings = openSettings();
    await Promise.all([
      settings.update({ theme: 'light' }),
      settings.update({ dockerHost: 'unix:///run/docker.sock' }),
      settings.update({ floatingTags: ['latest'] }),
    ]);
    expect(await settings.get()).toMatchObject({
      theme: 'light',
      dockerHost: 'unix:///run/docker.sock',
      floatingTags: ['latest'],
    });
  });

  it.each([
    ['no JSON', '{"theme": "da'],
    ['another shape', '{"theme": "purple"}'],
    ['an empty file', ''],
  ])('fall back to the defaults and set the file aside when it holds %s', async (_name, text) => {
    await writeFile(join(home, 'settings.json'), text);
    const settings = openSettings();
    expect(await settings.get()).toMatchObject({ theme: 'system' });
    expect(broken).toHaveLength(1);
    expect(await readFile(broken[0]?.kept ?? '', 'utf8')).toBe(text);
    await settings.update({ theme: 'dark' });
    expect(await openSettings().get()).toMatchObject({ theme: 'dark' });
  });

  it('are not forgotten because one update was refused', async () => {
    const settings = openSettings();
    await settings.update({ theme: 'dark' });
    await expect(settings.update({ theme: 'purple' as 'dark' })).rejects.toThrow();
    await settings.update({ engine: 'docker' });
    expect(await settings.get()).toMatchObject({ theme: 'dark', engine: 'docker' });
  });
});

describe('projects', () => {
  const options = buildOptions.parse({ tags: ['web:1'], target: 'final' });

  it('are listed in the order in which they were added', async () => {
    await openProjects().add('/code/web');
    await openProjects().add('/code/api/');
    expect((await openProjects().list()).map(({ name, path }) => [name, path])).toEqual([
      ['web', '/code/web'],
      ['api', '/code/api'],
    ]);
  });

  it('are one for one folder, which keeps its options when added again', async () => {
    const { id } = await openProjects().add('/code/web');
    await openProjects().setOptions(id, options);
    expect(await openProjects().add('/code/../code/web')).toMatchObject({ id, options: { target: 'final' } });
    expect(await openProjects().list()).toHaveLength(1);
  });

  it('can be removed and have the same id when they come back', async () => {
    const { id } = await openProjects().add('/code/web');
    await openProjects().remove(id);
    await openProjects().remove(id);
    expect(await openProjects().list()).toEqual([]);
    expect((await openProjects().add('/code/web')).id).toBe(id);
  });

  it('that are unknown are said to be so', async () => {
    await expect(openProjects().get('nothing')).rejects.toMatchObject({ code: 'not-found' });
    await expect(openProjects().setOptions('nothing', options)).rejects.toMatchObject({ code: 'not-found' });
    expect(await readdir(home)).toEqual([]);
  });

  it('are set aside, not lost, when their file is broken', async () => {
    await openProjects().add('/code/web');
    await writeFile(join(home, 'projects.json'), '{"version": 2}');
    expect(await openProjects().list()).toEqual([]);
    expect(broken[0]?.kept).toContain('projects.json.broken-');
  });
});

describe('grants', () => {
  it.each([
    ['/code/web', true],
    ['/code/web/', true],
    ['/code/web/../web', true],
    ['/code', false],
    ['/code/web/src', false],
    ['/code/web2', false],
    ['/code/web/../api', false],
  ])('of /code/web let %s be read: %s', (path, expected) => {
    const grants = new Grants();
    grants.add('/code/web');
    expect(grants.has(path)).toBe(expected);
    if (expected) expect(grants.require(path)).toBe('/code/web');
    else expect(() => grants.require(path)).toThrow(expect.objectContaining({ code: 'forbidden' }));
  });

  it('let something new be made in a chosen folder, and no deeper or beside it', () => {
    const grants = new Grants();
    grants.add('/code');
    expect(grants.requireNew('/code/sample')).toBe('/code/sample');
    for (const path of ['/code/a/b', '/code/../etc', '/etc/sample']) {
      expect(() => grants.requireNew(path)).toThrow('was not chosen');
    }
  });
});

describe('browsing', () => {
  beforeEach(async () => {
    for (const folder of ['web', 'empty', '.hidden', 'web/src']) await mkdir(join(home, folder));
    await writeFile(join(home, 'web', 'Dockerfile'), 'FROM scratch');
    await writeFile(join(home, 'image.tar'), '');
    await writeFile(join(home, 'notes.txt'), '');
  });

  it('lists folders by name and tells which can be built', async () => {
    const listing = await browseFolder(home, { show: 'none' });
    expect(listing.entries).toEqual([
      { name: 'empty', path: join(home, 'empty'), hasDockerfile: false },
      { name: 'web', path: join(home, 'web'), hasDockerfile: true },
    ]);
    expect(listing.parent).toBe(tmpdir());
  });

  it('lists archives too when asked', async () => {
    const { entries } = await browseFolder(home, { show: 'archives' });
    expect(entries.map(({ name, kind }) => [name, kind])).toEqual([
      ['empty', undefined],
      ['image.tar', 'archive'],
      ['web', undefined],
    ]);
  });

  it('lists every file with what is hidden when asked, and tells image layouts', async () => {
    await writeFile(join(home, '.npmrc'), '');
    await writeFile(join(home, 'web', 'oci-layout'), '{}');
    const { entries, isLayout } = await browseFolder(home, { show: 'all' });
    expect(entries.map(({ name, kind }) => [name, kind])).toEqual([
      ['.hidden', undefined],
      ['.npmrc', 'file'],
      ['empty', undefined],
      ['image.tar', 'file'],
      ['notes.txt', 'file'],
      ['web', 'layout'],
    ]);
    expect(isLayout).toBe(false);
    expect((await browseFolder(join(home, 'web'), { show: 'none' })).isLayout).toBe(true);
  });

  it('has no parent at the root and says what is missing', async () => {
    expect((await browseFolder('/', { show: 'none' })).parent).toBeNull();
    await expect(browseFolder(join(home, 'nothing'), { show: 'none' })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(browseFolder(join(home, 'notes.txt'), { show: 'none' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
