import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBuildServices } from '../build/build-services.ts';
import { openStore, type Store } from '../store/store.ts';
import { addImage } from '../store/testing/add-image.ts';
import { createBaseImages } from './builtin/base-images.ts';
import { createBuiltinEngine } from './builtin/create-builtin-engine.ts';
import { createSandboxRunner } from './builtin/sandbox-runner.ts';
import { createDockerEngine } from './docker/create-docker-engine.ts';
import type { Engine } from './engine.ts';
import { sendImage, takeImage } from './exchange-images.ts';
import { createPodmanEngine } from './podman/create-podman-engine.ts';
import type { WorkbenchEngine } from './ports.ts';
import { importBase } from './testing/busybox-base.ts';
import { makeSmallTar } from './testing/small-tar.ts';
import { findDockerd, startDockerd } from './testing/start-dockerd.ts';
import { findPodman, startPodman } from './testing/start-podman.ts';

interface RealEngine {
  readonly engine: Engine;
  readonly socketPath: string;
  remove(): Promise<void>;
}

const ENGINES = [
  {
    name: 'dockerd',
    isHere: (await findDockerd()) !== null,
    start: async (): Promise<RealEngine> => {
      const docker = await startDockerd();
      const engine = createDockerEngine({ host: docker.host, env: {}, homePath: docker.folder });
      return { engine, socketPath: docker.socketPath, remove: () => docker.remove() };
    },
  },
  {
    name: 'podman',
    isHere: (await findPodman()) !== null,
    start: async (): Promise<RealEngine> => {
      const podman = await startPodman();
      const engine = createPodmanEngine({ host: podman.host, env: {}, homePath: podman.folder });
      return { engine, socketPath: podman.socketPath, remove: () => podman.remove() };
    },
  },
];

const never = () => ({ signal: new AbortController().signal, onProgress: () => undefined });

describe.each(ENGINES)('images between the store and a real $name (root)', ({ isHere, start }) => {
  let real: RealEngine;
  let home: string;
  let store: Store;
  let builtin: WorkbenchEngine;
  const openHome = async () => {
    home = await mkdtemp(join(tmpdir(), 'strata-exchange-'));
    store = await openStore(home);
    const bases = createBaseImages(store, () => Promise.reject(new Error('no registry here')));
    const services = createBuildServices(store, bases, createSandboxRunner(store));
    builtin = createBuiltinEngine(services, () => Promise.reject(new Error('no registry here')));
  };
  const closeHome = async () => {
    await builtin.close();
    await rm(home, { recursive: true, force: true });
  };
  beforeAll(async () => {
    if (isHere) real = await start();
  }, 120_000);
  afterAll(async () => {
    await real?.engine.close();
    await real?.remove();
  }, 60_000);
  beforeEach(openHome);
  afterEach(closeHome);

  it.skipIf(!isHere)('sends an image under its name, with the same image ID and layers', async () => {
    const image = await addImage(
      store,
      { 'etc/motd': 'hello\n', app: 'x'.repeat(300_000) },
      {
        names: ['acme/sent:1.0', 'acme/other:2'],
      },
    );
    const told: { done: number; total: number }[] = [];
    const sent = await sendImage(
      builtin,
      real.engine,
      { ref: 'acme/sent:1.0' },
      {
        ...never(),
        onProgress: ({ done, total }) => told.push({ done, total }),
      },
    );
    expect(sent).toMatchObject({
      reference: 'acme/sent:1.0',
      digest: image.digest,
      imageId: image.configDigest,
      wasThere: false,
    });
    const last = told.at(-1);
    expect(last?.done).toBe(last?.total);
    const there = await real.engine.images.get('acme/sent:1.0');
    expect(there.imageId).toBe(image.configDigest);
    expect(there.layers.map(({ diffId }) => diffId)).toEqual(image.layers.map(({ diffId }) => diffId));
    // Only the name that was meant came along.
    expect(there.summary.names).toEqual(['acme/sent:1.0']);
  });

  it.skipIf(!isHere)('sends nothing twice: what the engine has gets the name alone', async () => {
    await addImage(store, { twice: 'twice' }, { names: ['acme/twice:1'] });
    await sendImage(builtin, real.engine, { ref: 'acme/twice:1' }, never());
    const again = await sendImage(builtin, real.engine, { ref: 'acme/twice:1', name: 'team/again' }, never());
    expect(again).toMatchObject({ reference: 'team/again:latest', wasThere: true });
    expect((await real.engine.images.get('team/again')).imageId).toBe(again.imageId);
  });

  it.skipIf(!isHere)('sends an image without a name, which then has its ID', async () => {
    const image = await addImage(store, { nameless: 'nameless' });
    const sent = await sendImage(builtin, real.engine, { ref: image.digest }, never());
    expect(sent.id).toContain(image.configDigest.slice(7));
    expect((await real.engine.images.get(sent.reference)).imageId).toBe(image.configDigest);
  });

  it.skipIf(!isHere)(
    'takes an image with its ID, its layers compressed, and its files can be seen',
    async () => {
      await importBase(real.socketPath, 'team/made-there:1', await makeSmallTar());
      const there = await real.engine.images.get('team/made-there:1');
      const taken = await takeImage(builtin, real.engine, { ref: 'team/made-there:1' }, never());
      expect(taken).toMatchObject({
        references: ['team/made-there:1'],
        imageId: there.imageId,
        repacked: true,
        wasHere: false,
      });
      const here = await builtin.images.get('team/made-there:1');
      expect(here.imageId).toBe(there.imageId);
      expect(here.layers.map(({ diffId }) => diffId)).toEqual(there.layers.map(({ diffId }) => diffId));
      expect(here.layers.map(({ mediaType }) => mediaType)).toEqual([
        'application/vnd.oci.image.layer.v1.tar+gzip',
      ]);
      const config = Buffer.from(here.rawConfig ?? '');
      expect(`sha256:${createHash('sha256').update(config).digest('hex')}`).toBe(there.imageId);
      const query = {
        ref: taken.digest,
        layer: 0,
        view: 'stack',
        path: '',
        sort: 'name',
        offset: 0,
        limit: 9,
      } as const;
      expect((await builtin.files?.list(query))?.total).toBeGreaterThan(0);
    },
  );

  it.skipIf(!isHere)('takes under another name, and an image that is here is only named', async () => {
    await importBase(real.socketPath, 'team/named:1', await makeSmallTar());
    const first = await takeImage(builtin, real.engine, { ref: 'team/named:1', name: 'mine/app:7' }, never());
    expect(first.references).toEqual(['mine/app:7']);
    const again = await takeImage(builtin, real.engine, { ref: 'team/named:1' }, never());
    expect(again).toMatchObject({ references: ['team/named:1'], digest: first.digest, wasHere: true });
  });

  it.skipIf(!isHere)('brings an image there and back with the same bytes', async () => {
    const image = await addImage(store, { 'etc/motd': 'there and back\n' }, { names: ['acme/round:1'] });
    await sendImage(builtin, real.engine, { ref: 'acme/round:1' }, never());
    await closeHome();
    await openHome();
    const taken = await takeImage(builtin, real.engine, { ref: 'acme/round:1' }, never());
    expect(taken.imageId).toBe(image.configDigest);
    expect((await store.images.get(taken.digest as typeof image.digest))?.layers).toEqual(image.layers);
    const file = await builtin.files?.open({ ref: taken.digest, layer: 0, path: 'etc/motd' });
    expect(file && (await text(file))).toBe('there and back\n');
  });

  it.skipIf(!isHere)('stops when it is cancelled, and leaves neither name nor unfinished bytes', async () => {
    await addImage(store, { large: 'y'.repeat(3_000_000) }, { names: ['acme/cancel:1'] });
    const ending = new AbortController();
    const sending = sendImage(
      builtin,
      real.engine,
      { ref: 'acme/cancel:1' },
      {
        signal: ending.signal,
        onProgress: () => ending.abort(),
      },
    );
    await expect(sending).rejects.toMatchObject({ code: 'cancelled' });
    expect(await real.engine.images.list()).not.toContainEqual(
      expect.objectContaining({ names: ['acme/cancel:1'] }),
    );
    await importBase(real.socketPath, 'team/cancel:1', await makeSmallTar());
    const stop = new AbortController();
    const taking = takeImage(
      builtin,
      real.engine,
      { ref: 'team/cancel:1' },
      {
        signal: stop.signal,
        onProgress: () => stop.abort(),
      },
    );
    await expect(taking).rejects.toMatchObject({ code: 'cancelled' });
    expect((await store.names.list()).map(({ name }) => name)).toEqual(['docker.io/acme/cancel:1']);
    expect(await readdir(store.paths.ingest())).toEqual([]);
  });

  it.skipIf(!isHere)('says what is not there, on either side', async () => {
    await expect(sendImage(builtin, real.engine, { ref: 'none:1' }, never())).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(takeImage(builtin, real.engine, { ref: 'none:1' }, never())).rejects.toMatchObject({
      code: 'not-found',
    });
    await addImage(store, { digest: 'd' }, { names: ['acme/digest:1'] });
    const name = `acme/digest@sha256:${'0'.repeat(64)}`;
    await expect(
      sendImage(builtin, real.engine, { ref: 'acme/digest:1', name }, never()),
    ).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it.skipIf(!isHere)('says for which platform the engine holds an image', async () => {
    await importBase(real.socketPath, 'team/platform:1', await makeSmallTar());
    const taking = takeImage(
      builtin,
      real.engine,
      { ref: 'team/platform:1', platform: 'linux/s390x' },
      never(),
    );
    await expect(taking).rejects.toThrow();
  });
});
