import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, it } from 'vitest';
import { makeProject, removeFolders } from '../testing/watch-build.ts';
import { createDockerEngine } from './create-docker-engine.ts';

const { cache } = createRequire(import.meta.url);
const isLoaded = () => Object.keys(cache).some((file) => file.includes(`${path.sep}dockerode${path.sep}`));

it('loads dockerode when an engine answers, not before', async () => {
  const folder = await makeProject({});
  const socketPath = path.join(folder, 'engine.sock');
  const server = createServer((_, response) => response.end('{}'));
  const engine = createDockerEngine({ host: socketPath, env: {}, homePath: folder });
  try {
    expect((await engine.status()).state).toBe('unavailable');
    expect(isLoaded()).toBe(false);
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    await engine.status();
    expect(isLoaded()).toBe(true);
  } finally {
    await engine.close();
    await new Promise((resolve) => server.close(resolve));
    await removeFolders([folder]);
  }
});
