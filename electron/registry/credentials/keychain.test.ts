import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeHelper, makeFakeHelper } from '../testing/fake-helper.ts';
import { createKeychain } from './keychain.ts';
import { Secret } from './secret.ts';
import type { SecretStore } from './secret-store.ts';

const encode = (text: string): string => Buffer.from(text).toString('base64');
const secret = new Secret('s3cret');

describe('keychain', () => {
  let home: string;
  let environment: NodeJS.ProcessEnv;
  let helper: FakeHelper;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'strata-home-'));
    const bin = join(home, 'bin');
    helper = await makeFakeHelper(bin, 'test');
    environment = { PATH: `${bin}${delimiter}${process.env.PATH}`, XDG_RUNTIME_DIR: join(home, 'run') };
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  const write = async (path: string, document: unknown): Promise<void> => {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), typeof document === 'string' ? document : JSON.stringify(document));
  };
  const read = async (path: string): Promise<Record<string, unknown>> =>
    JSON.parse(await readFile(join(home, path), 'utf8'));
  const open = (secrets?: SecretStore) => createKeychain({ home, environment, secrets });
  const find = async (registry: string, repository?: string): Promise<unknown> => {
    const found = await open().find(registry, repository);
    return found && [found.credential.username, found.credential.password?.reveal(), found.source];
  };

  it.skipIf(process.platform === 'win32')('says whose file it may be that it may not read', async () => {
    await write('.docker/config.json', { auths: { 'ghcr.io': { auth: encode('ann:pw') } } });
    const isRoot = process.getuid?.() === 0;
    await chmod(join(home, '.docker/config.json'), 0o000);
    if (isRoot) process.seteuid?.(65_534);
    try {
      await expect(find('ghcr.io')).rejects.toMatchObject({
        code: 'permission',
        message: expect.stringContaining('.docker/config.json may not be read by you'),
        hint: expect.stringContaining('sudo'),
      });
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  it('finds nothing where there is nothing', async () => {
    expect(await find('ghcr.io')).toBeNull();
    expect(await open().list()).toEqual([]);
  });

  it.each([
    ['docker.io', 'https://index.docker.io/v1/'],
    ['docker.io', 'index.docker.io'],
    ['ghcr.io', 'ghcr.io'],
    ['ghcr.io', 'https://ghcr.io'],
    ['localhost:5000', 'http://localhost:5000/v2/'],
  ])('finds %s under the key %s', async (registry, key) => {
    await write('.docker/config.json', { auths: { [key]: { auth: encode('ann:pw') } } });
    expect(await find(registry)).toEqual(['ann', 'pw', 'Docker config file']);
    expect(await find('other.example.com')).toBeNull();
  });

  it('never takes the credential of a host whose name only looks alike', async () => {
    await write('.docker/config.json', { auths: { 'registry.example.com': { auth: encode('ann:pw') } } });
    for (const host of [
      'registry.example.com.evil.org',
      'evil-registry.example.com',
      'example.com',
      'registry.example.com:444',
    ])
      expect(await find(host)).toBeNull();
  });

  it('reads DOCKER_CONFIG in place of the home folder', async () => {
    await write('.docker/config.json', { auths: { 'ghcr.io': { auth: encode('wrong:pw') } } });
    await write('else/config.json', { auths: { 'ghcr.io': { auth: encode('ann:pw') } } });
    environment = { ...environment, DOCKER_CONFIG: join(home, 'else') };
    expect(await find('ghcr.io')).toEqual(['ann', 'pw', 'Docker config file']);
  });

  it('reads the files of Podman, the most specific key first', async () => {
    await write('run/containers/auth.json', {
      auths: {
        'quay.io': { auth: encode('host:1') },
        'quay.io/team': { auth: encode('team:2') },
        'quay.io/team/app': { auth: encode('app:3') },
      },
    });
    expect(await find('quay.io', 'team/app')).toEqual(['app', '3', 'Podman auth file']);
    expect(await find('quay.io', 'team/other')).toEqual(['team', '2', 'Podman auth file']);
    expect(await find('quay.io', 'teams/app')).toEqual(['host', '1', 'Podman auth file']);
    expect(await find('quay.io')).toEqual(['host', '1', 'Podman auth file']);
  });

  it("reads Podman's own place first, then that of the session, then that of the home folder", async () => {
    const login = (name: string) => ({ auths: { 'quay.io': { auth: encode(`${name}:pw`) } } });
    await write('.config/containers/auth.json', login('home'));
    expect(await find('quay.io')).toEqual(['home', 'pw', 'Podman auth file']);
    await write('run/containers/auth.json', login('session'));
    expect(await find('quay.io')).toEqual(['session', 'pw', 'Podman auth file']);
    await write('mine.json', login('mine'));
    environment = { ...environment, REGISTRY_AUTH_FILE: join(home, 'mine.json') };
    expect(await find('quay.io')).toEqual(['mine', 'pw', 'Podman auth file']);
    environment = { ...environment, REGISTRY_AUTH_FILE: join(home, 'none.json') };
    expect(await find('quay.io')).toEqual(['session', 'pw', 'Podman auth file']);
  });

  it('reads the Docker file of old', async () => {
    await write('.dockercfg', { 'https://index.docker.io/v1/': { auth: encode('old:pw') } });
    expect(await find('docker.io')).toEqual(['old', 'pw', 'old Docker config file']);
  });

  it('asks the helper of a registry before the store of all and the file', async () => {
    const other = await makeFakeHelper(join(home, 'bin'), 'other');
    await helper.set({ 'ghcr.io': ['helped', '1'] });
    await other.set({ 'ghcr.io': ['stored', '2'], 'quay.io': ['stored', '2'] });
    await write('.docker/config.json', {
      credHelpers: { 'ghcr.io': 'test' },
      credsStore: 'other',
      auths: { 'ghcr.io': { auth: encode('file:3') }, 'gcr.io': { auth: encode('file:3') } },
    });
    expect(await find('ghcr.io')).toEqual(['helped', '1', 'docker credential helper test']);
    expect(await find('quay.io')).toEqual(['stored', '2', 'docker credential helper other']);
    expect(await find('gcr.io')).toEqual(['file', '3', 'Docker config file']);
  });

  it("asks a helper for Docker Hub by Docker's own address", async () => {
    await helper.set({ 'https://index.docker.io/v1/': ['ann', 'pw'] });
    await write('.docker/config.json', { credsStore: 'test' });
    expect(await find('docker.io')).toEqual(['ann', 'pw', 'docker credential helper test']);
    expect(await helper.calls()).toEqual(['get https://index.docker.io/v1/']);
  });

  it('knows an identity token of a helper by its user name', async () => {
    await helper.set({ 'acr.example.com': ['<token>', 'refresh'] });
    await write('.docker/config.json', { credsStore: 'test' });
    const found = await open().find('acr.example.com');
    expect(found?.credential).toMatchObject({ username: undefined, password: undefined });
    expect(found?.credential.identityToken?.reveal()).toBe('refresh');
  });

  it.each(['missing-program', '../../bin/sh', 'a b', 'a;b', '-x'])(
    'goes on without a helper called %j',
    async (name) => {
      await write('.docker/config.json', {
        credsStore: name,
        auths: { 'ghcr.io': { auth: encode('ann:pw') } },
      });
      expect(await find('ghcr.io')).toEqual(['ann', 'pw', 'Docker config file']);
    },
  );

  it('tells why a helper failed, without a secret', async () => {
    await helper.set({ broken: 'the keychain is locked' });
    await write('.docker/config.json', { credsStore: 'test' });
    await expect(find('ghcr.io')).rejects.toMatchObject({
      code: 'permission',
      message: expect.stringMatching(/keychain is locked/),
    });
  });

  it('ends a helper that hangs when the caller has had enough', async () => {
    await helper.set({ slow: true });
    await write('.docker/config.json', { credsStore: 'test' });
    const failure = open().find('ghcr.io', undefined, AbortSignal.timeout(200));
    await expect(failure).rejects.toMatchObject({ code: 'cancelled' });
  });

  it.each(['{', '[]', '"x"'])('refuses a config file with %j in it and leaves it alone', async (text) => {
    await write('.docker/config.json', text);
    await expect(find('ghcr.io')).rejects.toMatchObject({ code: 'malformed' });
    await expect(open().store('ghcr.io', 'ann', secret)).rejects.toMatchObject({ code: 'malformed' });
    expect(await readFile(join(home, '.docker/config.json'), 'utf8')).toBe(text);
  });

  it('stores in the config file where there is nothing better, says so, and keeps what it does not know', async () => {
    await write('.docker/config.json', {
      HttpHeaders: { a: 'b' },
      auths: { 'https://ghcr.io': { auth: 'x' } },
      proxies: {},
    });
    const account = await open().store('ghcr.io', 'ann', secret);
    expect(account).toMatchObject({
      host: 'ghcr.io',
      username: 'ann',
      source: 'Docker config file',
      removable: true,
    });
    expect(account.warning).toMatch(/unencrypted/);
    expect(await read('.docker/config.json')).toEqual({
      HttpHeaders: { a: 'b' },
      proxies: {},
      auths: { 'ghcr.io': { auth: encode('ann:s3cret') } },
    });
    expect((await stat(join(home, '.docker/config.json'))).mode & 0o777).toBe(0o600);
    expect(await find('ghcr.io')).toEqual(['ann', 's3cret', 'Docker config file']);
  });

  it('writes through a config file that is a symbolic link', async () => {
    await write('dotfiles/docker.json', {});
    await mkdir(join(home, '.docker'));
    await symlink(join(home, 'dotfiles/docker.json'), join(home, '.docker/config.json'));
    await open().store('ghcr.io', 'ann', secret);
    expect(await read('dotfiles/docker.json')).toHaveProperty('auths');
    expect((await stat(join(home, '.docker/config.json'))).isFile()).toBe(true);
  });

  it('stores with the helper where one is set, and never in the file', async () => {
    await write('.docker/config.json', { credsStore: 'test' });
    const account = await open().store('docker.io', 'ann', secret);
    expect(account).toMatchObject({ source: 'docker credential helper test', warning: null });
    expect(await helper.kept()).toEqual({ 'https://index.docker.io/v1/': ['ann', 's3cret'] });
    expect(await read('.docker/config.json')).toEqual({
      credsStore: 'test',
      auths: { 'https://index.docker.io/v1/': {} },
    });
    expect(await open().list()).toMatchObject([{ host: 'docker.io', username: 'ann' }]);
    await open().erase('docker.io');
    expect(await helper.kept()).toEqual({});
    expect(await open().list()).toEqual([]);
  });

  it('says that a helper to store with is not installed', async () => {
    await write('.docker/config.json', { credsStore: 'nowhere' });
    await expect(open().store('ghcr.io', 'ann', secret)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('prefers the secret store of the host, and removes from it', async () => {
    const kept = new Map<string, string>();
    const secrets: SecretStore = {
      label: 'Test keyring',
      warning: null,
      get: async (key) => kept.get(key) ?? null,
      set: async (key, value) => void kept.set(key, value),
      remove: async (key) => void kept.delete(key),
    };
    await write('.docker/config.json', { auths: { 'ghcr.io': { auth: encode('file:old') } } });
    const account = await open(secrets).store('ghcr.io', 'ann', secret);
    expect(account).toMatchObject({ source: 'Test keyring', warning: null });
    expect((await open(secrets).find('ghcr.io'))?.credential.username).toBe('ann');
    expect(await open(secrets).list()).toMatchObject([
      { host: 'ghcr.io', username: 'ann', source: 'Test keyring' },
    ]);
    await open(secrets).erase('ghcr.io');
    expect(await open(secrets).find('ghcr.io')).toBeNull();
    expect([...kept.values()].join()).not.toContain('s3cret');
  });

  it('lists all places, each registry once, without any secret', async () => {
    await helper.set({
      'https://index.docker.io/v1/': ['hub', 'pw1'],
      'https://index.docker.io/v1/access-token': ['hub', 'x'],
    });
    await write('.docker/config.json', {
      credsStore: 'test',
      auths: { 'ghcr.io': { auth: encode('ann:pw2') } },
    });
    await write('run/containers/auth.json', {
      auths: { 'ghcr.io': { auth: encode('pod:pw3') }, 'quay.io/team': { auth: encode('bob:pw4') } },
    });
    const accounts = await open().list();
    expect(accounts.map(({ host, username, removable }) => [host, username, removable])).toEqual([
      ['docker.io', 'hub', true],
      ['ghcr.io', 'ann', true],
      ['quay.io/team', 'bob', false],
    ]);
    expect(JSON.stringify(accounts)).not.toMatch(/pw\d/);
  });

  it('says that there is nothing to sign out of', async () => {
    await expect(open().erase('ghcr.io')).rejects.toMatchObject({ code: 'not-found' });
  });
});
