import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseReference } from '#shared/oci/reference.ts';
import type { Engine } from '../engine.ts';
import { findBusybox, importBase, makeBusyboxTar } from '../testing/busybox-base.ts';
import { run } from '../testing/processes.ts';
import { makeSmallTar } from '../testing/small-tar.ts';
import { findDockerd, startDockerd, type TestDockerd } from '../testing/start-dockerd.ts';
import { createDockerEngine } from './create-docker-engine.ts';

const isHere = (await findDockerd()) !== null && (await findBusybox()) !== null;

describe.skipIf(!isHere)('containers of a real Docker engine (root, docker.io, busybox-static)', () => {
  let dockerd: TestDockerd;
  let engine: Engine;
  const control = () => {
    if (engine.containers === undefined) throw new Error('no containers');
    return engine.containers;
  };
  const docker = async (...args: string[]) =>
    (await run('/usr/bin/docker', ['-H', dockerd.host, ...args])).trim();
  const find = async (name: string) => (await control().list()).find((container) => container.name === name);
  const collect = async (id: string, tail = 1000) => {
    const text = { stdout: '', stderr: '' };
    const signal = AbortSignal.timeout(20_000);
    for await (const chunk of control().logs(id, { tail, signal })) text[chunk.stream] += chunk.text;
    return text;
  };

  afterEach(async () => {
    const ids = await docker('ps', '-aq');
    if (ids !== '') await docker('rm', '-f', ...ids.split('\n'));
  }, 60_000);
  beforeAll(async () => {
    dockerd = await startDockerd({ network: true });
    engine = createDockerEngine({ host: dockerd.host, env: {}, homePath: dockerd.folder });
    await importBase(dockerd.socketPath, 'base:1', await makeBusyboxTar());
  }, 120_000);
  afterAll(async () => {
    await engine?.close();
    await dockerd?.remove();
  }, 60_000);

  it('lists running and stopped ones with image, state and ports', async () => {
    await docker(
      'run',
      '-d',
      '--name',
      'runs',
      '-p',
      '127.0.0.1::80',
      '--expose',
      '99',
      'base:1',
      'sleep',
      '1000',
    );
    await docker('run', '--name', 'ended', 'base:1', 'sh', '-c', 'exit 4').catch(() => '');
    expect(await find('runs')).toMatchObject({
      engine: 'docker',
      image: 'base:1',
      command: 'sleep 1000',
      state: 'running',
      outdated: false,
      ports: [
        { host: '127.0.0.1', hostPort: expect.any(Number), containerPort: 80, protocol: 'tcp' },
        { host: null, hostPort: null, containerPort: 99, protocol: 'tcp' },
      ],
    });
    const ended = await find('ended');
    expect(ended).toMatchObject({ state: 'exited', ports: [] });
    expect(ended?.status).toContain('Exited (4)');
    const image = (await engine.images.list()).find(({ names }) => names.includes('base:1'));
    expect(image?.id).toBe(ended?.imageId);
    expect([...(image?.usedBy ?? [])].sort()).toEqual(['ended', 'runs']);
  });

  it('stops, starts, restarts and removes', async () => {
    await docker(
      'run',
      '-d',
      '--name',
      'life',
      'base:1',
      'sh',
      '-c',
      'trap "exit 0" TERM; while :; do sleep 0.1; done',
    );
    const id = (await find('life'))?.id ?? '';
    await control().stop(id);
    expect((await find('life'))?.state).toBe('exited');
    await control().stop(id);
    await control().start(id);
    await control().start(id);
    await control().restart(id);
    expect((await find('life'))?.state).toBe('running');
    await expect(control().remove(id, { force: false })).rejects.toMatchObject({
      code: 'conflict',
      message: 'The container life is running.',
    });
    await control().remove(id, { force: true });
    expect(await find('life')).toBeUndefined();
    await expect(control().stop(id)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('separates stdout and stderr, and gives the last lines only', async () => {
    await docker(
      'run',
      '--name',
      'speaks',
      'base:1',
      'sh',
      '-c',
      // The two streams reach the engine's log each for itself: the pause puts the error before the last line.
      'echo one; echo bad >&2; sleep 0.5; echo zwölf; echo three',
    );
    const id = (await find('speaks'))?.id ?? '';
    expect(await collect(id)).toEqual({ stdout: 'one\nzwölf\nthree\n', stderr: 'bad\n' });
    expect((await collect(id, 1)).stdout).toBe('three\n');
    expect(await collect(id, 0)).toEqual({ stdout: '', stderr: '' });
  });

  it('reads the output of a container with a terminal', async () => {
    await docker('run', '-t', '--name', 'terminal', 'base:1', 'echo', 'in a terminal');
    const id = (await find('terminal'))?.id ?? '';
    expect(await collect(id)).toEqual({ stdout: 'in a terminal\r\n', stderr: '' });
  });

  it('reads output that looks like JSON as text', async () => {
    await docker('run', '--name', 'json', 'base:1', 'echo', '{"a":1}');
    expect((await collect((await find('json'))?.id ?? '')).stdout).toBe('{"a":1}\n');
  });

  it('follows the output until the caller gives up', async () => {
    await docker(
      'run',
      '-d',
      '--name',
      'talks',
      'base:1',
      'sh',
      '-c',
      'while :; do echo tick; sleep 0.1; done',
    );
    const id = (await find('talks'))?.id ?? '';
    const ending = new AbortController();
    let text = '';
    const reading = (async () => {
      for await (const chunk of control().logs(id, { tail: 0, signal: ending.signal })) {
        text += chunk.text;
        if (text.length > 12) ending.abort();
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
    expect(text).toMatch(/^tick\ntick/);
  });

  it('ends the logs with the container', async () => {
    await docker('run', '-d', '--name', 'short', 'base:1', 'sh', '-c', 'echo begin; sleep 0.5; echo end');
    expect((await collect((await find('short'))?.id ?? '')).stdout).toBe('begin\nend\n');
  });

  it('marks a container whose image name points to a newer image', async () => {
    await importBase(dockerd.socketPath, 'moving:1', await makeBusyboxTar());
    await docker('create', '--name', 'older', 'moving:1', 'true');
    expect(await find('older')).toMatchObject({ image: 'moving:1', outdated: false });
    await importBase(dockerd.socketPath, 'moving:1', await makeSmallTar());
    expect(await find('older')).toMatchObject({ image: 'moving:1', outdated: true });
    await engine.images.untag(parseReference('moving:1'));
    expect(await find('older')).toMatchObject({ image: 'moving:1', outdated: false });
  });

  it('does not remove an image that a container uses, unless forced', async () => {
    await importBase(dockerd.socketPath, 'used:1', await makeSmallTar());
    await docker('create', '--name', 'user', 'used:1', 'true');
    const id = (await engine.images.get('used:1')).summary.id;
    await engine.images.tag(id, parseReference('used:2'));
    await expect(engine.images.remove(id, { force: false })).rejects.toMatchObject({
      code: 'conflict',
      message: 'used:1 is used by the container user.',
    });
    expect((await engine.images.get(id)).summary.names).toEqual(['used:1', 'used:2']);
    await engine.images.remove(id, { force: true });
    await expect(engine.images.get('used:1')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('keeps all names when an image cannot be removed because others stand on it', async () => {
    await importBase(dockerd.socketPath, 'parent:1', await makeBusyboxTar());
    const id = (await engine.images.get('parent:1')).summary.id;
    await engine.images.tag(id, parseReference('parent:2'));
    await docker('run', '--name', 'tocommit', 'parent:1', 'touch', '/added');
    await docker('commit', 'tocommit', 'child:1');
    await docker('rm', 'tocommit');
    await expect(engine.images.remove(id, { force: false })).rejects.toMatchObject({ code: 'conflict' });
    expect((await engine.images.get(id)).summary.names.sort()).toEqual(['parent:1', 'parent:2']);
    const child = await engine.images.get('child:1');
    expect(child.layers.map(({ base }) => base)).toEqual([true, false]);
    expect(child.layers[0]?.sharedWith).toContain('parent:1');
    expect(child.layers[1]?.sharedWith).toEqual([]);
  });

  it('tells of the engine that goes away and comes back, and answers calmly between', async () => {
    const topics: string[] = [];
    let heard = () => {};
    const stop = engine.changes?.subscribe((topic) => {
      topics.push(topic);
      heard();
    });
    const hear = (topic: string) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (topics.includes(topic)) resolve();
        };
        heard = look;
        look();
      });
    await hear('engines');
    topics.length = 0;
    await dockerd.stop();
    await hear('engines');
    expect(await engine.status()).toMatchObject({ state: 'unavailable', hint: expect.any(String) });
    await expect(engine.images.list()).rejects.toMatchObject({ code: 'engine-unavailable' });
    topics.length = 0;
    await dockerd.start();
    await hear('engines');
    await hear('images');
    await hear('containers');
    expect(await engine.status()).toMatchObject({ state: 'ready' });
    expect((await engine.images.list()).some(({ names }) => names.includes('base:1'))).toBe(true);
    topics.length = 0;
    await docker('create', '--name', 'announced', 'base:1', 'true');
    await hear('containers');
    stop?.();
  });
});
