import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { digestOf } from '#electron/image/content-digest.ts';
import { parseReference } from '#shared/oci/reference.ts';
import type { RegistryClient } from './client.ts';
import { ownRepository } from './repository.ts';
import {
  type KeepingOptions,
  type KeepingRegistry,
  startKeepingRegistry,
} from './testing/keeping-registry.ts';
import { createTestClient } from './testing/test-client.ts';
import { contentOfBytes } from './upload-content.ts';
import { type UploadOptions, uploadBlob } from './uploads.ts';

const SIZE = 12_000_000;
const bytes = randomBytes(SIZE);
const digest = digestOf(bytes);

describe('an upload that breaks off', () => {
  let registry: KeepingRegistry;
  let client: RegistryClient;
  afterEach(async () => {
    await client.close();
    await registry.close();
  });

  async function upload(options: KeepingOptions, watch: UploadOptions = {}): Promise<void> {
    registry = await startKeepingRegistry(options);
    client = createTestClient();
    const repository = ownRepository(client, parseReference(`${registry.host}/app`));
    await uploadBlob(client, repository, contentOfBytes(digest, bytes), watch);
    expect(registry.blobs.get(digest)?.equals(bytes)).toBe(true);
  }

  it('goes on with what the registry kept, and sends no byte twice', async () => {
    const told: number[] = [];
    const kept: number[] = [];
    await upload(
      { breaksAt: [5_000_000, 9_000_000] },
      { onProgress: (done) => told.push(done), onResume: (have) => kept.push(have) },
    );
    expect(registry.received).toBe(SIZE);
    expect(kept).toEqual([5_000_000, 9_000_000]);
    expect(registry.asked).toEqual([
      'POST 0',
      'PUT 0',
      'GET 5000000',
      `PATCH 5000000-${SIZE - 1}`,
      'GET 9000000',
      `PATCH 9000000-${SIZE - 1}`,
      `PUT ${SIZE}`,
    ]);
    expect(told).toContain(5_000_000);
    expect(told.at(-1)).toBe(SIZE);
  });

  it('only ends the upload where every byte had arrived', async () => {
    await upload({ breaksAt: [SIZE] });
    expect(registry.received).toBe(SIZE);
    expect(registry.asked).toEqual(['POST 0', 'PUT 0', `GET ${SIZE}`, `PUT ${SIZE}`]);
  });

  it.each<[string, Partial<KeepingOptions>]>([
    ['forgets the upload', { statusOfKept: 404 }],
    ['cannot say what it has', { statusOfKept: 500 }],
    ['does not take the rest', { refusesRest: 416 }],
  ])('begins anew, and says so, where the registry %s', async (_, options) => {
    const kept: number[] = [];
    await upload({ breaksAt: [5_000_000], ...options }, { onResume: (have) => kept.push(have) });
    expect(kept.at(-1)).toBe(0);
    expect(registry.asked.filter((one) => one.startsWith('POST'))).toHaveLength(2);
    expect(registry.received).toBe(5_000_000 + SIZE);
  });

  it('has as many tries as it takes while it gets on', async () => {
    const breaksAt = Array.from({ length: 9 }, (_, index) => (index + 1) * 1_200_000);
    await upload({ breaksAt });
    expect(registry.received).toBe(SIZE);
  });

  it('tells why it waits and until when, and goes on at once when it is woken', async () => {
    const waits: { why: string; at: number }[] = [];
    const listeners = new Set<() => void>();
    const wake = {
      onWake: (listener: () => void) => {
        listeners.add(listener);
        // Somebody presses "Retry now" as soon as there is something to wake.
        setImmediate(listener);
        return () => listeners.delete(listener);
      },
    };
    registry = await startKeepingRegistry({ breaksAt: [5_000_000] });
    client = createTestClient({ retry: { retries: 1, firstDelayMs: 3_600_000, maxDelayMs: 3_600_000 } });
    const repository = ownRepository(client, parseReference(`${registry.host}/app`));
    await uploadBlob(client, repository, contentOfBytes(digest, bytes), {
      wake,
      onRetry: (why, at) => waits.push({ why, at }),
    });
    expect(waits.map(({ why }) => why)).toEqual([`${registry.host} closed the connection`]);
    expect(waits[0]?.at).toBeGreaterThan(Date.now() + 3_000_000);
    expect(listeners.size).toBe(0);
  });
});
