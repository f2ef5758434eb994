import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { makeProject, removeFolders } from '../testing/watch-build.ts';
import { dockerEndpoints } from './docker-endpoints.ts';
import { formatEndpoint } from './endpoint.ts';

const folders: string[] = [];
afterEach(() => removeFolders(folders.splice(0)));

async function home(context?: { name: string; host: string; tls?: boolean }): Promise<string> {
  const folder = await makeProject({
    '.docker/config.json': JSON.stringify({ currentContext: context?.name }),
  });
  folders.push(folder);
  if (context === undefined) return folder;
  const id = createHash('sha256').update(context.name).digest('hex');
  const meta = path.join(folder, '.docker', 'contexts', 'meta', id);
  await mkdir(meta, { recursive: true });
  const endpoints = { docker: { Host: context.host, SkipTLSVerify: false } };
  await writeFile(path.join(meta, 'meta.json'), JSON.stringify({ Name: context.name, Endpoints: endpoints }));
  if (context.tls) {
    const tls = path.join(folder, '.docker', 'contexts', 'tls', id, 'docker');
    await mkdir(tls, { recursive: true });
    await writeFile(path.join(tls, 'ca.pem'), '');
  }
  return folder;
}

const search = { platform: 'linux', uid: 1000 } as const;
const listed = async (input: Parameters<typeof dockerEndpoints>[0]) =>
  (await dockerEndpoints(input)).map(({ endpoint, origin, explicit }) => ({
    address: formatEndpoint(endpoint),
    origin,
    explicit,
  }));

describe('where a Docker engine is looked for', () => {
  it('is the setting alone, then DOCKER_HOST alone', async () => {
    const homePath = await home();
    const env = { DOCKER_HOST: 'tcp://other' };
    expect(await listed({ ...search, host: ' /my.sock ', env, homePath })).toEqual([
      { address: '/my.sock', origin: 'setting', explicit: true },
    ]);
    expect(await listed({ ...search, host: '', env, homePath })).toEqual([
      { address: 'tcp://other:2375', origin: 'DOCKER_HOST', explicit: true },
    ]);
  });

  it("is the docker CLI's context before the usual sockets", async () => {
    const homePath = await home({ name: 'colima', host: 'unix:///c.sock' });
    const found = await listed({ ...search, env: {}, homePath });
    expect(found[0]).toEqual({ address: '/c.sock', origin: 'context colima', explicit: false });
    expect(found.slice(1).map(({ address }) => address)).toContain('/var/run/docker.sock');
  });

  it('takes a context chosen by DOCKER_CONTEXT, with its certificates', async () => {
    const homePath = await home({ name: 'remote', host: 'tcp://build:2376', tls: true });
    const env = { DOCKER_CONTEXT: 'remote' };
    const [first] = await dockerEndpoints({ ...search, env, homePath });
    expect(first?.endpoint).toMatchObject({
      kind: 'tcp',
      tls: { folder: expect.stringContaining(path.join('contexts', 'tls')), skipVerify: false },
    });
  });

  it.each([
    ['a context that does not exist', { DOCKER_CONTEXT: 'gone' }],
    ['the default context', { DOCKER_CONTEXT: 'default' }],
  ])('leaves %s aside', async (_, env) => {
    const found = await listed({ ...search, env, homePath: await home() });
    expect(found[0]?.address).toBe('/var/run/docker.sock');
  });

  it('is not kept from the usual sockets by a broken configuration', async () => {
    const homePath = await makeProject({ '.docker/config.json': '{ broken' });
    folders.push(homePath);
    expect((await listed({ ...search, env: {}, homePath }))[0]?.address).toBe('/var/run/docker.sock');
  });

  it.each([
    ['linux', '/run/user/1000/docker.sock'],
    ['linux', '.docker/desktop/docker.sock'],
    ['darwin', '.colima/default/docker.sock'],
    ['darwin', '.orbstack/run/docker.sock'],
    ['win32', '//./pipe/docker_engine'],
  ] as const)('knows on %s %s', async (platform, address) => {
    const found = await listed({ platform, uid: 1000, env: {}, homePath: '/home/me' });
    expect(found.some((candidate) => candidate.address.endsWith(address))).toBe(true);
  });

  it.each([
    [
      { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/certs' },
      { folder: '/certs', skipVerify: false },
    ],
    [{ DOCKER_TLS: '1' }, { folder: path.join('/home/me', '.docker'), skipVerify: true }],
    [{}, null],
  ])('reads TLS from %j', async (env, tls) => {
    const input = { ...search, homePath: '/home/me', env: { ...env, DOCKER_HOST: 'tcp://x:1' } };
    expect((await dockerEndpoints(input))[0]?.endpoint).toMatchObject({ tls });
  });
});
