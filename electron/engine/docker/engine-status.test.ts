import { chmod, rename, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { engineStatus } from '#shared/contract/engines.ts';
import { createPodmanEngine } from '../podman/create-podman-engine.ts';
import { makeProject, removeFolders } from '../testing/watch-build.ts';
import { createDockerEngine } from './create-docker-engine.ts';

const folders: string[] = [];
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  await removeFolders(folders.splice(0));
});

async function folder(files: Record<string, string> = {}): Promise<string> {
  const made = await makeProject(files);
  folders.push(made);
  return made;
}

/** A socket at which something answers that is no engine, or one of these versions. */
async function answering(body: string, status = 200): Promise<string> {
  const socketPath = path.join(await folder(), 'engine.sock');
  const server = createServer((_, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return socketPath;
}

const status = async (host: string | undefined, env: NodeJS.ProcessEnv = {}) => {
  const engine = createDockerEngine({ host, env, homePath: '/nonexistent' });
  try {
    return engineStatus.parse(await engine.status());
  } finally {
    await engine.close();
  }
};

describe('the status of an engine that is not ready', () => {
  it('says where nothing is', async () => {
    const host = path.join(await folder(), 'none.sock');
    expect(await status(host)).toMatchObject({
      state: 'unavailable',
      detail: `Docker does not answer at ${host} (from setting): nothing is there.`,
      hint: expect.any(String),
      can: { build: false, containers: false },
    });
  });

  it('says that the address is none', async () => {
    expect(await status('gopher://x')).toMatchObject({
      state: 'unavailable',
      detail: '"gopher://x" is not the address of an engine.',
    });
  });

  it('says that nothing listens at the address', async () => {
    expect(await status('tcp://127.0.0.1:1')).toMatchObject({
      state: 'unavailable',
      detail: 'Docker is not running.',
    });
  });

  it.each([
    ['tcp://no-such-host.invalid:2375', /its host (is not known by that name|could not be looked up)/],
    ['tcp://127.0.0.1:1', /Docker is not running|nothing listens there/],
  ])('tells of %s in words, not by a code', async (host, words) => {
    const { detail } = await status(host);
    expect(detail).toMatch(words);
    expect(detail).not.toMatch(/\bE[A-Z]{4,}\b/);
  });

  it('says that a file is no engine', async () => {
    const made = await folder({ file: '' });
    expect((await status(path.join(made, 'file'))).state).toBe('unavailable');
  });

  it.each([
    ['a page', '<html>'],
    ['other JSON', '{"hello":"world"}'],
  ])('says that what answers with %s is no engine', async (_, body) => {
    const found = await status(await answering(body));
    expect(found.state).toBe('unavailable');
    expect(found.detail).toContain('does not answer at');
  });

  it('says that the engine is too new', async () => {
    const body = JSON.stringify({ Version: '99', ApiVersion: '9.9', MinAPIVersion: '9.0' });
    expect(await status(await answering(body))).toMatchObject({
      detail: expect.stringContaining('speaks only API 9.0'),
      hint: 'Update Strata.',
    });
  });

  it('says that the socket may not be used', async () => {
    const host = await answering('{}');
    await chmod(path.dirname(host), 0o755);
    await chmod(host, 0);
    // Root may use every socket: for this request it is nobody.
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(65534);
    try {
      expect(await status(host)).toMatchObject({
        detail: `Docker is there, but you may not use its socket ${host}.`,
        hint: expect.stringContaining('sudo usermod -aG docker $USER'),
      });
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  it('says whether it is installed', async () => {
    const bin = await folder({ docker: '#!/bin/sh\n' });
    await writeFile(path.join(bin, 'podman'), '#!/bin/sh\n');
    for (const name of ['docker', 'podman']) await chmod(path.join(bin, name), 0o755);
    const podman = createPodmanEngine({ env: { PATH: bin, XDG_RUNTIME_DIR: bin }, homePath: bin });
    const found = await podman.status();
    await podman.close();
    expect(found).toMatchObject({
      id: 'podman',
      state: 'unavailable',
      hint: expect.stringContaining('podman'),
    });
  });

  it('does not take Podman at the usual socket for Docker', async () => {
    const version = {
      Version: '4.3.1',
      ApiVersion: '1.41',
      MinAPIVersion: '1.24',
      Components: [{ Name: 'Podman Engine' }],
    };
    const socketPath = await answering(JSON.stringify(version));
    const runtime = path.dirname(socketPath);
    await rename(socketPath, path.join(runtime, 'docker.sock'));
    const engine = createDockerEngine({ env: { XDG_RUNTIME_DIR: runtime }, homePath: runtime });
    const found = await engine.status();
    await engine.close();
    expect(found.detail).not.toContain('4.3.1');
  });
});
