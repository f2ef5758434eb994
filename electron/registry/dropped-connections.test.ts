import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '#electron/image/content-digest.ts';
import type { BlobProgress } from '#electron/image/image.ts';
import { parsePlatform } from '#shared/oci/platform.ts';
import { parseReference } from '#shared/oci/reference.ts';
import { openShare } from '../share/testing/open-share.ts';
import type { RegistryClient } from './client.ts';
import { pullImage } from './pull.ts';
import { pushImage } from './push.ts';
import { ownRepository } from './repository.ts';
import { type CuttingProxy, startCuttingProxy } from './testing/cutting-proxy.ts';
import { FolderBlobStore } from './testing/folder-blob-store.ts';
import { makeImage } from './testing/make-image.ts';
import { HAS_REGISTRY, type RealRegistry, startRealRegistry } from './testing/real-registry.ts';
import { createTestClient } from './testing/test-client.ts';
import { contentOfBytes } from './upload-content.ts';
import { uploadBlob } from './uploads.ts';

const platform = parsePlatform('linux/amd64');
const LARGE = 20_000_000;
/** After so many bytes a connection drops, then the next one. */
const DROPS = [3_000_000, 4_000_000, 5_000_000];
/** Bytes on the way where each connection begins anew; how much of what was on its way is lost depends on the machine. */
const ANEW = DROPS.reduce((sum, bytes) => sum + bytes, LARGE);

describe.skipIf(!HAS_REGISTRY)('a network that drops connections (package docker-registry)', () => {
  let registry: RealRegistry;
  let proxy: CuttingProxy;
  let client: RegistryClient;
  let folder: string;
  let store: FolderBlobStore;
  beforeAll(async () => {
    registry = await startRealRegistry();
  });
  afterAll(() => registry.close());
  beforeEach(async () => {
    proxy = await startCuttingProxy(registry.host);
    client = createTestClient();
    folder = await mkdtemp(join(tmpdir(), 'strata-dropped-'));
    store = new FolderBlobStore(folder);
  });
  afterEach(async () => {
    await client.close();
    await proxy.close();
    await rm(folder, { recursive: true, force: true });
  });
  const direct = (name: string) => parseReference(`${registry.host}/${name}`);
  const over = (name: string) => parseReference(`${proxy.host}/${name}`);

  it('lets a pull ask for the rest alone, however often it breaks', async () => {
    const image = makeImage([LARGE]);
    await pushImage(client, image, direct('dropped/pull:1'));
    proxy.cutAfter('came', ...DROPS);
    await pullImage(client, over('dropped/pull:1'), store, { platform });
    expect(proxy.cuts).toBe(3);
    expect(await store.size(image.layers[0]?.digest ?? image.digest)).toBe(image.layers[0]?.size);
    // What was on its way when a connection broke comes again; what had arrived does not.
    expect(proxy.came).toBeLessThan(ANEW);
  });

  it('lets a push through that begins a layer anew, and says so: this registry keeps nothing of a broken request', async () => {
    const image = makeImage([LARGE, 1_000_000]);
    proxy.cutAfter('sent', 3_000_000, 4_000_000);
    const seen: BlobProgress[] = [];
    await pushImage(client, image, over('dropped/push:1'), { onBlob: (progress) => seen.push(progress) });
    expect(proxy.cuts).toBe(2);
    const large = seen.filter(({ descriptor }) => descriptor.digest === image.layers[0]?.digest);
    expect(large.map(({ note }) => note)).toContain(`${proxy.host} closed the connection`);
    expect(large.at(-1)).toMatchObject({ state: 'done' });
    expect(large.some(({ note }) => note?.startsWith('sent anew'))).toBe(true);
    expect((await pullImage(client, direct('dropped/push:1'), store, { platform })).root.digest).toBe(
      image.digest,
    );
  });
});

describe('a network that drops connections to a share of Strata', () => {
  it('has the rest of a blob alone sent after each drop', async () => {
    const other = await openShare();
    const proxy = await startCuttingProxy(other.share.address);
    const client = createTestClient();
    try {
      const bytes = randomBytes(LARGE);
      const digest = digestOf(bytes);
      const repository = ownRepository(client, parseReference(`${proxy.host}/dropped/app`));
      proxy.cutAfter('sent', ...DROPS);
      const kept: number[] = [];
      const onResume = (have: number) => kept.push(have);
      await uploadBlob(client, repository, contentOfBytes(digest, bytes), { onResume });
      expect(kept).toHaveLength(3);
      expect(kept).toEqual([...kept].sort((a, b) => a - b));
      expect(kept[0]).toBeGreaterThan(1_000_000);
      expect(proxy.sent).toBeLessThan(ANEW);
      expect(bytes.equals(await other.store.content.read(digest))).toBe(true);
      expect(other.reported).toEqual([]);
    } finally {
      await client.close();
      await proxy.close();
      await other.remove();
    }
  });
});
