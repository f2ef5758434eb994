import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseReference } from '#shared/oci/reference.ts';
import type { BlobProgress } from '../../image/image.ts';
import type { Engine, NativeTransfer } from '../engine.ts';
import { importBase } from '../testing/busybox-base.ts';
import { makeSmallTar } from '../testing/small-tar.ts';
import { findDockerd, startDockerd, type TestDockerd } from '../testing/start-dockerd.ts';
import { findRegistry, startRegistry, type TestRegistry } from '../testing/start-registry.ts';
import { makeProject, removeFolders, watchBuild } from '../testing/watch-build.ts';
import { createDockerEngine } from './create-docker-engine.ts';
import type { RegistryCredential } from './registry-auth.ts';

const isHere = (await findDockerd()) !== null && (await findRegistry()) !== null;
const ACCOUNT = { username: 'strata', password: 'open sesame' };

describe.skipIf(!isHere)('push and pull by a real Docker engine (root, docker.io, docker-registry)', () => {
  let dockerd: TestDockerd;
  let open: TestRegistry;
  let locked: TestRegistry;
  let engine: Engine;
  const asked: string[] = [];
  let credential: RegistryCredential | null = null;
  const transfer = (): NativeTransfer => {
    if (engine.transfer === undefined) throw new Error('no transfer');
    return engine.transfer;
  };
  const add = async (name: string) => {
    await importBase(dockerd.socketPath, name, await makeSmallTar());
    return (await engine.images.get(name)).summary.id;
  };

  beforeAll(async () => {
    [dockerd, open, locked] = await Promise.all([
      startDockerd(),
      startRegistry(),
      startRegistry({ account: ACCOUNT }),
    ]);
    engine = createDockerEngine({
      host: dockerd.host,
      env: {},
      homePath: dockerd.folder,
      credentialsFor: async (domain) => {
        asked.push(domain);
        return domain === locked.host ? credential : null;
      },
    });
  }, 120_000);
  afterAll(async () => {
    await engine?.close();
    await Promise.all([dockerd?.remove(), open?.remove(), locked?.remove()]);
  }, 60_000);

  it('pushes with progress for each layer, and pulls the same content back', async () => {
    const id = await add('strata-test/push:1');
    const blobs: BlobProgress[] = [];
    const target = parseReference(`${open.host}/team/app:1.0`);
    const pushed = await transfer().push('strata-test/push:1', target, {
      onBlob: (blob) => blobs.push(blob),
    });
    const detail = await engine.images.get(id);
    expect(pushed.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(pushed.size).toBeGreaterThan(100);
    expect(new Set(blobs.map(({ descriptor }) => descriptor.digest))).toEqual(
      new Set(detail.layers.map(({ diffId }) => diffId)),
    );
    expect(blobs[0]?.state).toBe('waiting');
    expect(blobs.at(-1)?.state).toBe('done');
    for (const { done, descriptor } of blobs) expect(done).toBeLessThanOrEqual(descriptor.size);
    // The name existed for the push only.
    expect(await engine.images.resolve(target)).toBeNull();

    await engine.images.remove(id, { force: false });
    const pulledBlobs: BlobProgress[] = [];
    const pulled = await transfer().pull(target, { onBlob: (blob) => pulledBlobs.push(blob) });
    expect(pulled).toEqual({ id, digest: pushed.digest });
    expect(pulledBlobs.at(-1)?.state).toBe('done');
    expect(await engine.images.resolve(target)).toBe(id);
    await engine.images.remove(id, { force: false });
    const byDigest = parseReference(`${open.host}/team/app@${pushed.digest}`);
    expect(await transfer().pull(byDigest, {})).toEqual({ id, digest: pushed.digest });
    const row = (await engine.images.list()).find((image) => image.id === id);
    expect(row?.names).toEqual([`${open.host}/team/app@${pushed.digest}`]);
    await engine.images.remove(id, { force: false });
  });

  it('says what is there already, and leaves a local name as it was', async () => {
    const old = await add('strata-test/old:1');
    const target = parseReference(`${open.host}/team/named:1`);
    await engine.images.tag(old, target);
    const fresh = await add('strata-test/fresh:1');
    await transfer().push(fresh, target, {});
    const blobs: BlobProgress[] = [];
    await transfer().push(fresh, target, { onBlob: (blob) => blobs.push(blob) });
    expect(blobs.at(-1)?.state).toBe('exists');
    expect(await engine.images.resolve(target)).toBe(old);
  });

  it('asks for the credential of the target registry only', async () => {
    const id = await add('strata-test/locked:1');
    const target = parseReference(`${locked.host}/team/secret:1`);
    credential = null;
    await expect(transfer().push(id, target, {})).rejects.toMatchObject({
      code: 'unauthorized',
      detail: { kind: 'registry', host: locked.host },
    });
    credential = { username: ACCOUNT.username, password: 'wrong' };
    await expect(transfer().push(id, target, {})).rejects.toMatchObject({ code: 'unauthorized' });
    asked.length = 0;
    credential = ACCOUNT;
    const pushed = await transfer().push(id, target, {});
    expect((await transfer().pull(target, {})).digest).toBe(pushed.digest);
    expect(new Set(asked)).toEqual(new Set([locked.host]));
  });

  it('builds on a base of a registry that wants a credential', async () => {
    const folder = await makeProject({
      Dockerfile: `FROM ${locked.host}/team/base:1\nCOPY a.txt /\n`,
      'a.txt': '',
    });
    try {
      const id = await add('strata-test/base:1');
      credential = ACCOUNT;
      await transfer().push(id, parseReference(`${locked.host}/team/base:1`), {});
      await engine.images.remove(id, { force: false });
      credential = null;
      await expect(watchBuild(engine, folder)).rejects.toMatchObject({ code: 'base-not-found' });
      credential = ACCOUNT;
      const { steps } = await watchBuild(engine, folder);
      expect(steps[0]).toMatchObject({ status: 'miss', reasons: [{ kind: 'base-fetched' }] });
    } finally {
      await removeFolders([folder]);
    }
  });

  it.each([
    ['a tag that is not there', () => `${open.host}/team/none:9`, 'not-found'],
    ['a registry that does not answer', () => '127.0.0.1:1/team/app:1', 'registry-unreachable'],
  ])('explains a pull of %s', async (_, name, code) => {
    await expect(transfer().pull(parseReference(name()), {})).rejects.toMatchObject({ code });
  });

  it('refuses to push an image that is not there, and a digest as target', async () => {
    const target = parseReference(`${open.host}/team/app:2`);
    await expect(transfer().push('strata-test/missing:1', target, {})).rejects.toMatchObject({
      code: 'not-found',
    });
    const id = await add('strata-test/some:1');
    const digest = parseReference(`${open.host}/team/app@sha256:${'0'.repeat(64)}`);
    await expect(transfer().push(id, digest, {})).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('stops when it is cancelled', async () => {
    const id = await add('strata-test/cancel:1');
    const ending = new AbortController();
    const target = parseReference(`${open.host}/team/cancel:1`);
    const pushing = transfer().push(id, target, { signal: ending.signal, onBlob: () => ending.abort() });
    await expect(pushing).rejects.toMatchObject({ code: 'cancelled' });
    expect(await engine.images.resolve(target)).toBeNull();
  });
});
