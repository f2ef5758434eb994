import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../engine.ts';
import { findProgram } from '../testing/processes.ts';
import { findDockerd, startDockerd, type TestDockerd } from '../testing/start-dockerd.ts';
import { makeProject, removeFolders } from '../testing/watch-build.ts';
import { createDockerEngine } from './create-docker-engine.ts';

const isHere = (await findDockerd()) !== null && (await findProgram('/usr/bin/docker')) !== null;

describe.skipIf(!isHere)('an engine behind ssh (root, docker.io)', () => {
  let dockerd: TestDockerd;
  let folder: string;
  let env: NodeJS.ProcessEnv;
  const engines: Engine[] = [];
  const engineAt = (host: string) => {
    const engine = createDockerEngine({ host, env, homePath: folder });
    engines.push(engine);
    return engine;
  };

  /** In place of ssh: notes what it was asked, then runs the remote command here, against the test's engine. */
  const SSH = [
    '#!/bin/sh',
    'echo "$@" >> "$SSH_LOG"',
    'while [ "$1" != "--" ]; do shift; done',
    'shift',
    'if [ "$1" = refused.example ]; then echo "Permission denied (publickey)." >&2; exit 255; fi',
    'shift',
    'exec "$@"',
    '',
  ].join('\n');

  beforeAll(async () => {
    dockerd = await startDockerd();
    folder = await makeProject({ ssh: SSH });
    await chmod(path.join(folder, 'ssh'), 0o755);
    await writeFile(path.join(folder, 'log'), '');
    env = {
      PATH: `${folder}:${process.env.PATH}`,
      DOCKER_HOST: dockerd.host,
      SSH_LOG: path.join(folder, 'log'),
    };
  }, 120_000);
  afterAll(async () => {
    for (const engine of engines) await engine.close();
    await dockerd?.remove();
    await removeFolders([folder]);
  }, 60_000);

  it("is reached through the user's own ssh, which may not ask questions", async () => {
    const engine = engineAt('ssh://me@build.example:2222');
    expect(await engine.status()).toMatchObject({ state: 'ready' });
    expect(await engine.images.list()).toEqual([]);
    const [first] = (await readFile(path.join(folder, 'log'), 'utf8')).split('\n');
    expect(first).toContain('BatchMode=yes');
    expect(first).toContain('-p 2222 -- me@build.example docker system dial-stdio');
  });

  it('tells what ssh said when it does not let us in', async () => {
    expect(await engineAt('ssh://refused.example').status()).toMatchObject({
      state: 'unavailable',
      detail: expect.stringContaining('Permission denied (publickey)'),
    });
  });

  it('tells that there is no ssh', async () => {
    const engine = createDockerEngine({ host: 'ssh://x.example', env: { PATH: '' }, homePath: folder });
    engines.push(engine);
    expect(await engine.status()).toMatchObject({ state: 'unavailable' });
  });
});
