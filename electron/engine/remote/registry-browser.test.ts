import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeManifest } from '#shared/oci/manifest-codec.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { parseReference } from '#shared/oci/reference.ts';
import type { RegistryClient } from '../../registry/client.ts';
import { NO_CREDENTIALS } from '../../registry/credentials/credential.ts';
import { createTestClient } from '../../registry/testing/test-client.ts';
import { openShare, type TestShare } from '../../share/testing/open-share.ts';
import { openStore, type Store } from '../../store/store.ts';
import { addImage } from '../../store/testing/add-image.ts';
import { pushFromStore } from '../builtin/push.ts';
import type { RegistryBrowser } from '../ports.ts';
import { createRegistryTransfers } from '../registry-transfers.ts';
import { findRegistry, startRegistry, type TestRegistry } from '../testing/start-registry.ts';
import { createRegistryBrowser } from './registry-browser.ts';
import { compareTags } from './tag-lister.ts';

const hasRegistry = (await findRegistry()) !== null;

let home: string;
let store: Store;
let client: RegistryClient;
let registry: TestShare;
let asked: string[];
let browser: RegistryBrowser;
let immutable: string[];
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'strata-browse-'));
  store = await openStore(home);
  registry = await openShare();
  const real = createTestClient();
  asked = [];
  client = {
    ...real,
    send: (request) => {
      asked.push(`${request.method} ${String(request.target)}`);
      return real.send(request);
    },
  };
  immutable = [];
  const tagRules = async () => ({ floating: ['latest'], immutable });
  browser = createRegistryBrowser({ store, client: async () => client, tagRules });
});
afterEach(async () => {
  await client.close();
  await registry.remove();
  await rm(home, { recursive: true, force: true });
});

const at = (path: string) => `${registry.share.address}/${path}`;

describe('looking around', () => {
  it('lists repositories page by page', async () => {
    const image = await addImage(registry.store, { a: 'a' });
    const names = Array.from({ length: 250 }, (_, i) => `team/app-${String(i).padStart(3, '0')}`);
    for (const name of names) await registry.store.names.set(parseReference(name), { digest: image.digest });
    const found: string[] = [];
    let pages = 0;
    for (let after: string | undefined; ; ) {
      const page = await browser.repositories(registry.share.address, { after });
      found.push(...page.repositories);
      pages += 1;
      if (page.next === null) break;
      after = page.next;
    }
    expect(found).toEqual(names);
    expect(pages).toBe(3);
  });

  it('lists thousands of tags, highest versions first, and finds among them', async () => {
    const image = await addImage(registry.store, { a: 'a' });
    for (let i = 0; i < 2500; i += 1)
      await registry.store.names.set(parseReference(`app:1.${i}.0`), { digest: image.digest });
    const first = await browser.tags(at('app'), {});
    expect(first.tags.slice(0, 3)).toEqual(['1.2499.0', '1.2498.0', '1.2497.0']);
    expect([first.tags.length, first.total, first.next]).toEqual([1000, 2500, '1.1500.0']);
    const second = await browser.tags(at('app'), { after: first.next ?? undefined });
    expect(second.tags[0]).toBe('1.1499.0');
    const third = await browser.tags(at('app'), { after: second.next ?? undefined });
    expect([third.tags.at(-1), third.next]).toEqual(['1.0.0', null]);
    const requests = asked.length;
    expect(await browser.tags(at('app'), { query: '.77.' })).toEqual({
      tags: ['1.77.0'],
      total: 1,
      next: null,
    });
    expect(asked.length).toBe(requests);
    await expect(browser.tags(at('nobody'), {})).rejects.toMatchObject({ code: 'not-found' });
  });

  it('orders tags as people read them', () => {
    const tags = ['1.9', '1.10', 'latest', '1.10-alpine', 'v2', '2'];
    expect(tags.sort(compareTags)).toEqual(['v2', 'latest', '2', '1.10-alpine', '1.10', '1.9']);
  });

  it('tells what a tag names; what is known is asked by HEAD alone', async () => {
    const image = await addImage(registry.store, { a: 'a', b: 'b' }, { names: ['app:1', 'app:2'] });
    const found = await browser.tag(at('app:1'), { onlyDigest: false });
    expect(found).toEqual({
      reference: at('app:1'),
      digest: image.digest,
      mediaType: image.mediaType,
      index: false,
      pinned: at(`app@${image.digest}`),
      size: image.layers.reduce((sum, { size }) => sum + size, 0),
      createdAt: Date.parse('2024-01-02T03:04:05Z'),
      platforms: [{ platform: image.platform, digest: image.digest }],
    });
    asked.length = 0;
    expect((await browser.tag(at('app:2'), { onlyDigest: false })).size).toBe(found.size);
    expect(await browser.tag(at('app:2'), { onlyDigest: true })).toMatchObject({ size: found.size });
    expect(asked.every((line) => line.startsWith('HEAD'))).toBe(true);
    await expect(browser.tag(at('app:9'), { onlyDigest: true })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('tells the platforms of a list, and says little of what is no image', async () => {
    const images = [
      await addImage(registry.store, { a: 'amd64' }),
      await addImage(registry.store, { a: 'arm64' }, { platform: 'linux/arm64' }),
    ];
    const index = encodeManifest({
      mediaType: MEDIA_TYPE.ociIndex,
      manifests: images.map(({ mediaType, digest, manifestSize: size, platform }) => ({
        mediaType,
        digest,
        size,
        platform,
      })),
    });
    const config = await registry.store.content.put(Buffer.from('{}'));
    const chart = encodeManifest({
      mediaType: MEDIA_TYPE.ociManifest,
      config: { mediaType: 'application/vnd.cncf.helm.config.v1+json', ...config },
      layers: [],
    });
    for (const [tag, body, type] of [
      ['multi', index, MEDIA_TYPE.ociIndex],
      ['chart', chart, MEDIA_TYPE.ociManifest],
    ] as const) {
      const headers = { 'content-type': type };
      const put = await fetch(`${registry.url}/v2/app/manifests/${tag}`, { method: 'PUT', body, headers });
      expect(put.status).toBe(201);
    }
    const found = await browser.tag(at('app:multi'), { onlyDigest: false });
    expect(found.index).toBe(true);
    expect(found.platforms.map(({ platform, digest }) => [platform.architecture, digest])).toEqual([
      ['amd64', images[0]?.digest],
      ['arm64', images[1]?.digest],
    ]);
    expect(await browser.tag(at('app:chart'), { onlyDigest: false })).toMatchObject({
      size: null,
      createdAt: null,
      platforms: [],
    });
  });
});

describe('deleting tags', () => {
  it('deletes the tag alone, writes it down, and asks for the name where tags are immutable', async () => {
    await addImage(registry.store, { a: 'a' }, { names: ['app:1', 'app:2', 'app:3'] });
    await browser.deleteTag(at('app:1'), { byDigest: false });
    expect((await browser.tags(at('app'), {})).tags).toEqual(['3', '2']);
    const [move] = await store.journal.list();
    expect(move).toMatchObject({ name: at('app:1'), host: registry.share.address, to: null, by: 'delete' });
    immutable = [at('app')];
    await expect(browser.deleteTag(at('app:2'), { byDigest: false })).rejects.toMatchObject({
      code: 'tag-moved',
    });
    await browser.deleteTag(at('app:2'), { byDigest: false, confirmName: '2' });
    expect((await browser.tags(at('app'), {})).tags).toEqual(['3']);
  });

  it('says so where the registry deletes images alone', async () => {
    await addImage(registry.store, { a: 'a' }, { names: ['app:1'] });
    await expect(browser.deleteTag(at('app:1'), { byDigest: true })).rejects.toMatchObject({
      code: 'unsupported',
    });
    await expect(browser.deleteTag(at('app:none'), { byDigest: false })).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

describe.skipIf(!hasRegistry)('with a real registry (docker-registry is not installed)', () => {
  let real: TestRegistry;
  beforeEach(async () => {
    real = await startRegistry();
  });
  afterEach(() => real.remove());

  it('copies between registries under the rules of a push, and deletes what was copied', async () => {
    const one = await addImage(store, { a: 'one' });
    const two = await addImage(store, { a: 'two' });
    const rules = { moveTag: true, floating: [], immutable: [] };
    await pushFromStore(store, client, one.digest, parseReference(at('app:1')), rules);
    await pushFromStore(store, client, two.digest, parseReference(at('app:2')), rules);
    const transfers = createRegistryTransfers({
      open: async () => ({ client, keychain: NO_CREDENTIALS }),
      tagRules: async () => ({ floating: [], immutable }),
      journal: store.journal,
    });
    const options = {
      signal: new AbortController().signal,
      onBlob: () => {},
      moveTag: false,
      withReferrers: true,
    };
    const target = `${real.host}/team/app:1`;
    expect(await transfers.copy(at('app:1'), target, options)).toEqual({
      reference: target,
      digest: one.digest,
      pinned: `${real.host}/team/app@${one.digest}`,
    });
    await expect(transfers.copy(at('app:2'), target, options)).rejects.toMatchObject({ code: 'tag-moved' });
    await transfers.copy(at('app:2'), target, { ...options, moveTag: true });
    expect((await browser.tag(target, { onlyDigest: true })).digest).toBe(two.digest);
    expect(await store.journal.list({ limit: 2 })).toMatchObject([
      { host: real.host, from: one.digest, to: two.digest, by: 'copy' },
      { host: real.host, from: null, to: one.digest, by: 'copy' },
    ]);
    expect((await browser.repositories(real.host, {})).repositories).toEqual(['team/app']);
    await browser
      .deleteTag(target, { byDigest: false })
      .catch(() => browser.deleteTag(target, { byDigest: true }));
    await expect(browser.tag(target, { onlyDigest: true })).rejects.toMatchObject({ code: 'not-found' });
  });
});
