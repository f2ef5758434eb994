import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseReference } from '#shared/oci/reference.ts';
import { findProgram, run } from '../engine/testing/processes.ts';
import { findContainerd, startContainerd, type TestContainerd } from '../engine/testing/start-containerd.ts';
import { findDockerd, startDockerd, type TestDockerd } from '../engine/testing/start-dockerd.ts';
import { findPodman, startPodman, type TestPodman } from '../engine/testing/start-podman.ts';
import type { ImageRecord } from '../store/image-records.ts';
import { addImage } from '../store/testing/add-image.ts';
import { openShare, type TestShare } from './testing/open-share.ts';

const skopeo = await findProgram('/usr/bin/skopeo', '/usr/local/bin/skopeo');
const docker = await findProgram('/usr/local/bin/docker', '/usr/bin/docker');
const podman = await findPodman();
const containerd = await findContainerd();
const dockerd = docker === null ? null : await findDockerd();

let test: TestShare;
let folder: string;
let image: ImageRecord;
beforeEach(async () => {
  test = await openShare();
  folder = await mkdtemp(join(tmpdir(), 'strata-client-'));
  const files = { 'etc/motd': 'hello', 'app/large': 'x'.repeat(500_000), 'app/other': 'y' };
  image = await addImage(test.store, files, { names: ['acme/web:1.0', 'ghcr.io/acme/web:2'] });
});
afterEach(async () => {
  await test.remove();
  await rm(folder, { recursive: true, force: true });
  expect(test.reported).toEqual([]);
});

const named = async (name: string) => (await test.store.names.resolve(parseReference(name)))?.digest;
const imageNamed = async (name: string) => {
  const digest = await named(name);
  return digest === undefined ? null : test.store.images.get(digest);
};

describe.skipIf(skopeo === null)('skopeo (not installed)', () => {
  const copy = (from: string, to: string, ...more: string[]) =>
    run('skopeo', ['--insecure-policy', 'copy', ...more, from, to]);

  it('copies an image out and back with the same digest', async () => {
    const registry = `docker://${test.share.address}`;
    const plain = ['--src-tls-verify=false', '--dest-tls-verify=false'];
    await copy(`${registry}/acme/web:1.0`, `oci:${folder}/out:1`, ...plain);
    await copy(`oci:${folder}/out:1`, `${registry}/back/web:1`, ...plain);
    expect(await named('back/web:1')).toBe(image.digest);
    await copy(`${registry}/ghcr.io/acme/web:2`, `${registry}/back/mounted:1`, ...plain);
    expect(await named('back/mounted:1')).toBe(image.digest);
  });

  it('pushes what the store did not have, also in docker’s own format, and lists it', async () => {
    const other = await openShare();
    try {
      const plain = ['--src-tls-verify=false', '--dest-tls-verify=false'];
      const from = `docker://${test.share.address}/acme/web:1.0`;
      await copy(from, `docker://${other.share.address}/acme/web:1.0`, ...plain);
      expect((await other.store.images.list()).map(({ digest }) => digest)).toEqual([image.digest]);
      await copy(from, `docker://${other.share.address}/acme/web:v2`, ...plain, '--format=v2s2');
      const name = await other.store.names.resolve(parseReference('acme/web:v2'));
      const converted = name === null ? null : await other.store.images.get(name.digest);
      expect(converted?.mediaType).toBe('application/vnd.docker.distribution.manifest.v2+json');
      expect(converted?.layers.map(({ diffId }) => diffId)).toEqual(image.layers.map(({ diffId }) => diffId));
      const tags = await run('skopeo', [
        'list-tags',
        '--tls-verify=false',
        `docker://${other.share.address}/acme/web`,
      ]);
      expect(JSON.parse(tags)).toMatchObject({ Tags: ['1.0', 'v2'] });
      expect(other.reported).toEqual([]);
    } finally {
      await other.remove();
    }
  });
});

describe.skipIf(docker === null || dockerd === null)('docker (dockerd is not installed, or not root)', () => {
  let engine: TestDockerd;
  beforeAll(async () => {
    engine = await startDockerd();
  }, 90_000);
  afterAll(() => engine.remove());
  const call = (...args: string[]) => run(docker ?? '', ['-H', engine.host, ...args]);

  it('pulls what the store holds and pushes it back, with the same layers', async () => {
    const { address } = test.share;
    const pulled = await call('pull', `${address}/acme/web:1.0`);
    expect(pulled).toContain(image.digest);
    expect(await call('pull', `${address}/acme/web@${image.digest}`)).toContain(image.digest);
    await call('tag', `${address}/acme/web:1.0`, `${address}/back/web:1`);
    const pushed = await call('push', `${address}/back/web:1`);
    const digest = /digest: (sha256:[0-9a-f]{64})/.exec(pushed)?.[1];
    const back = await imageNamed('back/web:1');
    expect(back?.digest).toBe(digest);
    expect(back?.layers.map(({ diffId }) => diffId)).toEqual(image.layers.map(({ diffId }) => diffId));
  }, 90_000);
});

describe.skipIf(podman === null)('podman (not installed, or not root)', () => {
  let engine: TestPodman;
  beforeAll(async () => {
    engine = await startPodman();
  }, 90_000);
  afterAll(() => engine.remove());
  const call = (...args: string[]) => run(podman ?? '', ['--remote', '--url', engine.host, ...args]);

  it('pulls what the store holds and pushes it back with the same digest', async () => {
    const { address } = test.share;
    await call('pull', '--tls-verify=false', `${address}/acme/web:1.0`);
    await call('tag', `${address}/acme/web:1.0`, `${address}/back/web:1`);
    await call('push', '--tls-verify=false', `${address}/back/web:1`);
    const back = await imageNamed('back/web:1');
    expect(back?.layers.map(({ diffId }) => diffId)).toEqual(image.layers.map(({ diffId }) => diffId));
    expect(back?.configDigest).toBe(image.configDigest);
  }, 90_000);
});

describe.skipIf(containerd === null)('containerd (it or ctr is not installed, or not root)', () => {
  let engine: TestContainerd;
  beforeAll(async () => {
    engine = await startContainerd();
  }, 90_000);
  afterAll(() => engine.remove());
  const images = (act: string, ...args: string[]) => engine.ctr('images', act, ...args);
  const pull = (...args: string[]) => images('pull', '--snapshotter', 'native', ...args);

  it('pulls what the store holds and pushes it back with the same digest', async () => {
    const { address } = test.share;
    const ref = `${address}/acme/web:1.0`;
    await pull('--plain-http', ref);
    expect(await images('ls', `name==${ref}`)).toContain(image.digest);
    await images('push', '--plain-http', `${address}/back/web:1`, ref);
    expect(await named('back/web:1')).toBe(image.digest);
  });

  it('pushes what the store did not have', async () => {
    const other = await openShare();
    try {
      await pull('--plain-http', `${test.share.address}/acme/web:1.0`);
      const from = `${test.share.address}/acme/web:1.0`;
      await images('push', '--plain-http', `${other.share.address}/new/web:1`, from);
      expect((await other.store.images.list()).map(({ digest }) => digest)).toEqual([image.digest]);
      expect(other.reported).toEqual([]);
    } finally {
      await other.remove();
    }
  });

  it('takes it as the mirror of a registry, as a local Kubernetes is set up to do', async () => {
    const hosts = join(folder, 'hosts', 'ghcr.io');
    await mkdir(hosts, { recursive: true });
    const mirror = `[host."http://${test.share.address}"]\n  capabilities = ["pull", "resolve"]\n`;
    await writeFile(join(hosts, 'hosts.toml'), `server = "http://127.0.0.1:9"\n${mirror}`);
    await pull('--hosts-dir', join(folder, 'hosts'), 'ghcr.io/acme/web:2');
    expect(await images('ls', 'name==ghcr.io/acme/web:2')).toContain(image.digest);
  });
});
