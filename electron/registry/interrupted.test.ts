import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BlobProgress } from '#electron/image/image.ts';
import { parsePlatform } from '#shared/oci/platform.ts';
import { parseReference } from '#shared/oci/reference.ts';
import type { RegistryClient } from './client.ts';
import { pullImage } from './pull.ts';
import { pushImage } from './push.ts';
import { FolderBlobStore } from './testing/folder-blob-store.ts';
import { makeImage } from './testing/make-image.ts';
import { HAS_REGISTRY, type RealRegistry, startRealRegistry } from './testing/real-registry.ts';
import { createTestClient } from './testing/test-client.ts';

const platform = parsePlatform('linux/amd64');
const LARGE = 40_000_000;

describe.skipIf(!HAS_REGISTRY)('a transfer that is interrupted (package docker-registry)', () => {
  let registry: RealRegistry;
  let client: RegistryClient;
  let folder: string;
  let store: FolderBlobStore;
  let restarting: Promise<void> | undefined;

  beforeAll(async () => {
    registry = await startRealRegistry();
  });
  afterAll(() => registry.close());
  beforeEach(async () => {
    client = createTestClient({ retry: { retries: 12, firstDelayMs: 30, maxDelayMs: 400 } });
    folder = await mkdtemp(join(tmpdir(), 'strata-interrupted-'));
    store = new FolderBlobStore(folder);
  });
  afterEach(async () => {
    // Also where the test failed: else nobody would end the new process.
    await restarting;
    restarting = undefined;
    await client.close();
    await rm(folder, { recursive: true, force: true });
  });

  const at = (name: string) => parseReference(`${registry.host}/${name}`);

  /** Calls `act` once, when a layer is on its way. */
  function once(act: () => void): (progress: BlobProgress) => void {
    let isDone = false;
    return ({ state, done, descriptor }) => {
      if (isDone || state !== 'transferring' || done < 1_000_000 || done === descriptor.size) return;
      isDone = true;
      act();
    };
  }

  async function restart(): Promise<void> {
    await registry.kill();
    registry = await startRealRegistry({ again: registry });
  }

  it('goes on when the registry is killed and comes back in the middle of a push', async () => {
    const image = makeImage([LARGE, 1000]);
    const notes = new Set<string | undefined>();
    const onKill = once(() => {
      restarting = restart();
    });
    await pushImage(client, image, at('killed/push:1'), {
      onBlob: (progress) => {
        if (progress.state === 'retrying') notes.add(progress.note);
        onKill(progress);
      },
    });
    await restarting;
    expect(notes.size).toBeGreaterThan(0);
    expect((await pullImage(client, at('killed/push:1'), store, { platform })).root.digest).toBe(
      image.digest,
    );
  });

  it('goes on where it stopped when the registry is killed and comes back in the middle of a pull', async () => {
    const image = makeImage([LARGE]);
    await pushImage(client, image, at('killed/pull:1'));
    const done: number[] = [];
    const onKill = once(() => {
      restarting = restart();
    });
    await pullImage(client, at('killed/pull:1'), store, {
      platform,
      onBlob: (progress) => {
        if (progress.descriptor.size > LARGE) done.push(progress.done);
        onKill(progress);
      },
    });
    await restarting;
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(await store.size(image.layers[0]?.digest ?? image.digest)).toBe(image.layers[0]?.size);
  });

  it('keeps what came when a pull is cancelled, and the next pull takes only the rest', async () => {
    const image = makeImage([LARGE]);
    const digest = image.layers[0]?.digest ?? image.digest;
    await pushImage(client, image, at('cancelled:1'));
    const stop = new AbortController();
    const cancelled = pullImage(client, at('cancelled:1'), store, {
      platform,
      signal: stop.signal,
      onBlob: once(() => stop.abort()),
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    const kept = (await store.partial(digest.replace(':', '-')))?.length ?? 0;
    expect(kept).toBeGreaterThanOrEqual(1_000_000);
    expect(await store.has(image.digest)).toBe(false);

    let first: number | undefined;
    await pullImage(createTestClient(), at('cancelled:1'), new FolderBlobStore(folder), {
      platform,
      onBlob: ({ descriptor, state, done }) => {
        if (descriptor.digest === digest && state === 'transferring') first ??= done;
      },
    });
    expect(first).toBe(kept);
    expect(await store.size(digest)).toBe(image.layers[0]?.size);
  });

  it('begins anew when what was kept turns out to be damaged', async () => {
    const image = makeImage([100_000]);
    const digest = image.layers[0]?.digest ?? image.digest;
    await pushImage(client, image, at('damaged:1'));
    await store.leavePartial(digest.replace(':', '-'), Buffer.alloc(50_000, 1));
    const notes: (string | undefined)[] = [];
    await pullImage(client, at('damaged:1'), store, { platform, onBlob: ({ note }) => notes.push(note) });
    expect(notes).toContain('what was kept from last time is damaged');
    expect(await store.size(digest)).toBe(image.layers[0]?.size);
  });

  it('fetches a layer once for two pulls at the same time', async () => {
    const image = makeImage([5_000_000]);
    await pushImage(client, image, at('twice:1'));
    const ends: string[] = [];
    const pull = () =>
      pullImage(client, at('twice:1'), store, {
        platform,
        onBlob: ({ descriptor, state }) => {
          if (descriptor.size > 1_000_000 && ['done', 'exists'].includes(state)) ends.push(state);
        },
      });
    await Promise.all([pull(), pull(), pull()]);
    expect(ends.sort()).toEqual(['done', 'exists', 'exists']);
  });

  it('leaves a waiting pull to fetch a layer itself when the first is cancelled', async () => {
    const image = makeImage([LARGE]);
    await pushImage(client, image, at('takeover:1'));
    const stop = new AbortController();
    let second: Promise<unknown> | undefined;
    const startSecond = once(() => {
      second = pullImage(client, at('takeover:1'), store, {
        platform,
        onBlob: ({ note }) => {
          if (note === 'another pull fetches it') stop.abort();
        },
      });
    });
    const first = pullImage(client, at('takeover:1'), store, {
      platform,
      signal: stop.signal,
      onBlob: startSecond,
    });
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    await second;
    expect(await store.size(image.layers[0]?.digest ?? image.digest)).toBe(image.layers[0]?.size);
  });

  it('skips what was sent when a cancelled push is started again', async () => {
    const image = makeImage([2_000_000, LARGE]);
    const stop = new AbortController();
    const isSent = (descriptor: { size: number }) => descriptor.size < LARGE && descriptor.size > 1_000_000;
    const cancelled = pushImage(client, image, at('again:1'), {
      signal: stop.signal,
      onBlob: ({ descriptor, state }) => {
        if (isSent(descriptor) && state === 'done') stop.abort();
      },
    });
    await cancelled.catch(() => undefined);
    const states: string[] = [];
    await pushImage(client, image, at('again:1'), {
      onBlob: ({ descriptor, state }) => {
        if (isSent(descriptor)) states.push(state);
      },
    });
    expect(states).toEqual(['waiting', 'exists']);
  });

  it('is told as unreachable when no registry answers any more', async () => {
    const gone = await startRealRegistry();
    await gone.close();
    const failure = pullImage(client, parseReference(`${gone.host}/app:1`), store, { platform });
    await expect(failure).rejects.toMatchObject({
      code: 'registry-unreachable',
      message: `${gone.host} does not accept connections.`,
      hint: expect.stringContaining('Check that the registry runs'),
    });
  });
});
