import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseDigest } from '#shared/oci/digest.ts';
import { canonicalReference, parseReference } from '#shared/oci/reference.ts';
import type { RegistryClient } from '../registry/client.ts';
import { deleteManifest, fetchManifest } from '../registry/manifests.ts';
import { ownRepository } from '../registry/repository.ts';
import { createTestClient } from '../registry/testing/test-client.ts';
import type { ImageRecord } from '../store/image-records.ts';
import { openStore, type Store } from '../store/store.ts';
import { addImage } from '../store/testing/add-image.ts';
import { type PushOptions, pushFromStore } from './builtin/push.ts';
import type { TagHistory } from './ports.ts';
import { createTagHistory } from './tag-history.ts';
import { findRegistry, startRegistry, type TestRegistry } from './testing/start-registry.ts';

const hasRegistry = (await findRegistry()) !== null;

let home: string;
let store: Store;
let client: RegistryClient;
let history: TagHistory;
let one: ImageRecord;
let two: ImageRecord;
let immutable: string[];
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'strata-tags-'));
  store = await openStore(home);
  client = createTestClient();
  immutable = [];
  history = createTagHistory({
    store,
    client: async () => client,
    tagRules: async () => ({ floating: ['latest'], immutable }),
  });
  one = await addImage(store, { a: 'one' });
  two = await addImage(store, { a: 'two' });
});
afterEach(async () => {
  await client.close();
  await rm(home, { recursive: true, force: true });
});

describe('names of the store', () => {
  const app = parseReference('acme/web:1');
  const current = async () => (await store.names.resolve(app))?.digest ?? null;

  it('names again what it named before, and that can be taken back too', async () => {
    await store.setName(app, { digest: one.digest });
    await store.setName(app, { digest: two.digest });
    const [moved, given] = await history.list({ limit: 10 });
    expect(moved).toMatchObject({
      name: 'acme/web:1',
      host: null,
      from: one.digest,
      to: two.digest,
      by: 'tag',
    });
    const back = await history.rollBack(moved?.id ?? '', {});
    expect(back).toMatchObject({ from: two.digest, to: one.digest, by: 'roll-back' });
    expect(await current()).toBe(one.digest);
    await history.rollBack(back.id, {});
    expect(await current()).toBe(two.digest);
    expect(await history.rollBack(given?.id ?? '', {})).toMatchObject({ to: null });
    expect(await current()).toBeNull();
    expect((await history.list({ name: 'acme/web:1', limit: 2 })).map(({ by }) => by)).toEqual([
      'roll-back',
      'roll-back',
    ]);
    expect(await history.list({ name: 'acme/web', limit: 9 })).toEqual([]);
  });

  it('tells an index that moved although its image for this machine stayed, and takes it back', async () => {
    const first = parseDigest(`sha256:${'1'.repeat(64)}`);
    const second = parseDigest(`sha256:${'2'.repeat(64)}`);
    await store.setName(app, { digest: one.digest, indexDigest: first });
    await store.setName(app, { digest: one.digest, indexDigest: second });
    const [moved] = await history.list({ limit: 1 });
    expect(moved).toMatchObject({ from: first, to: second });
    expect(moved).not.toHaveProperty('fromImage');
    await history.rollBack(moved?.id ?? '', {});
    expect(await store.names.resolve(app)).toMatchObject({ digest: one.digest, indexDigest: first });
    await expect(history.rollBack(moved?.id ?? '', {})).rejects.toMatchObject({ code: 'conflict' });
  });

  it('takes back what an older entry wrote down as image and index', async () => {
    const index = parseDigest(`sha256:${'3'.repeat(64)}`);
    const name = canonicalReference(app);
    await store.setName(app, { digest: two.digest });
    const move = { name, host: null, from: one.digest, to: two.digest, fromIndex: index, by: 'tag' } as const;
    const entry = await store.journal.append(move);
    await history.rollBack(entry?.id ?? '', {});
    expect(await store.names.resolve(app)).toMatchObject({ digest: one.digest, indexDigest: index });
  });

  it('does not name what is gone, or what it names already', async () => {
    await store.setName(app, { digest: one.digest });
    await store.setName(app, { digest: two.digest });
    const [moved] = await history.list({ limit: 1 });
    await store.setName(app, { digest: one.digest });
    await expect(history.rollBack(moved?.id ?? '', {})).rejects.toMatchObject({ code: 'conflict' });
    await store.setName(app, { digest: two.digest });
    await store.images.remove(one.digest);
    await expect(history.rollBack(moved?.id ?? '', {})).rejects.toMatchObject({ code: 'not-found' });
    expect(await current()).toBe(two.digest);
    await expect(history.rollBack('nothing', {})).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe.skipIf(!hasRegistry)('tags at a registry (docker-registry is not installed)', () => {
  let registry: TestRegistry;
  beforeEach(async () => {
    registry = await startRegistry();
  });
  afterEach(() => registry.remove());

  const push = (image: ImageRecord, tag: string, options: Partial<PushOptions> = {}) =>
    pushFromStore(store, client, image.digest, parseReference(`${registry.host}/team/web:${tag}`), {
      moveTag: false,
      floating: ['latest'],
      immutable,
      ...options,
    });
  const there = async (tag: string) => {
    const reference = parseReference(`${registry.host}/team/web`);
    return (await fetchManifest(client, ownRepository(client, reference), tag)).digest;
  };

  it('writes each move down, and puts the old manifest back under its tag', async () => {
    await push(one, '1.0');
    await expect(push(two, '1.0')).rejects.toMatchObject({
      code: 'tag-moved',
      detail: { kind: 'tag', current: one.digest, wanted: two.digest },
    });
    await push(two, '1.0', { moveTag: true });
    await push(two, '1.0');
    const moves = await history.list({ limit: 10 });
    expect(moves).toMatchObject([
      {
        name: `${registry.host}/team/web:1.0`,
        host: registry.host,
        from: one.digest,
        to: two.digest,
        by: 'push',
      },
      { host: registry.host, from: null, to: one.digest, by: 'push' },
    ]);
    const back = await history.rollBack(moves[0]?.id ?? '', {});
    expect(back).toMatchObject({ host: registry.host, from: two.digest, to: one.digest, by: 'roll-back' });
    expect(await there('1.0')).toBe(one.digest);
    await expect(history.rollBack(moves[1]?.id ?? '', {})).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('goes under its own digest without a tag, and under no other one', async () => {
    const by = (name: string) =>
      pushFromStore(store, client, one.digest, parseReference(`${registry.host}/team/web${name}`), {
        moveTag: false,
        floating: [],
        immutable: [],
      });
    expect((await by(`@${one.digest}`)).digest).toBe(one.digest);
    expect(await there(one.digest)).toBe(one.digest);
    expect(await history.list({ limit: 10 })).toEqual([]);
    await by(`:5.0@${one.digest}`);
    const [moved] = await history.list({ limit: 10 });
    expect(moved).toMatchObject({ name: `${registry.host}/team/web:5.0`, to: one.digest });
    for (const name of [`@${two.digest}`, `:5.0@${two.digest}`])
      await expect(by(name)).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('does not move a tag that somebody else has set while the layers were on their way', async () => {
    let other: Promise<unknown> | undefined;
    const slow: RegistryClient = {
      ...client,
      send: async (request) => {
        if (request.method === 'PUT') other ??= push(one, '3.0');
        await other;
        return client.send(request);
      },
    };
    const target = parseReference(`${registry.host}/team/web:3.0`);
    const rules = { moveTag: false, floating: [], immutable: [] };
    await expect(pushFromStore(store, slow, two.digest, target, rules)).rejects.toMatchObject({
      code: 'tag-moved',
      detail: { current: one.digest, wanted: two.digest },
    });
    expect(await there('3.0')).toBe(one.digest);
    const [last] = await history.list({ limit: 1 });
    expect(last).toMatchObject({ from: null, to: one.digest });
    // Moved on purpose, the journal knows what the tag named at the end and not what it named at the beginning.
    other = undefined;
    await push(two, '4.0');
    const late: RegistryClient = {
      ...client,
      send: async (request) => {
        if (request.target.toString().includes('/blobs/')) other ??= push(one, '4.0', { moveTag: true });
        await other;
        return client.send(request);
      },
    };
    const three = await addImage(store, { a: 'three' });
    const on4 = parseReference(`${registry.host}/team/web:4.0`);
    await pushFromStore(store, late, three.digest, on4, { ...rules, moveTag: true });
    expect((await history.list({ limit: 1 }))[0]).toMatchObject({ from: one.digest, to: three.digest });
  });

  it('sends an image from the store that the registry has deleted meanwhile, and says where it is in neither', async () => {
    await push(one, '1.0');
    await push(two, '1.0', { moveTag: true });
    const repository = ownRepository(client, parseReference(`${registry.host}/team/web`));
    await deleteManifest(client, repository, one.digest);
    await push(two, '1.0', { moveTag: true });
    const [moved] = await history.list({ limit: 1 });
    await history.rollBack(moved?.id ?? '', {});
    expect(await there('1.0')).toBe(one.digest);
    await deleteManifest(client, repository, two.digest);
    await store.images.remove(two.digest);
    const [back] = await history.list({ limit: 1 });
    await expect(history.rollBack(back?.id ?? '', {})).rejects.toMatchObject({
      code: 'not-found',
      message: `${registry.host} does not keep ${two.digest} any more, nor does the store.`,
    });
    expect(await there('1.0')).toBe(one.digest);
  });

  it('lets floating tags move, and those of an immutable repository only when their name is typed', async () => {
    for (const image of [one, two]) await push(image, 'latest');
    expect(await there('latest')).toBe(two.digest);
    immutable = [`${registry.host}/team/*`];
    await push(two, 'latest');
    const refused = { code: 'tag-moved', message: expect.stringContaining('immutable') };
    await expect(push(one, 'latest')).rejects.toMatchObject(refused);
    await expect(push(one, 'latest', { moveTag: true })).rejects.toMatchObject(refused);
    await expect(push(one, 'latest', { moveTag: true, confirmName: 'newest' })).rejects.toMatchObject(
      refused,
    );
    await expect(push(one, 'latest', { confirmName: 'latest' })).rejects.toMatchObject(refused);
    expect(await there('latest')).toBe(two.digest);
    await push(one, 'latest', { moveTag: true, confirmName: 'latest' });
    expect(await there('latest')).toBe(one.digest);
    const [moved] = await history.list({ limit: 1 });
    await expect(history.rollBack(moved?.id ?? '', {})).rejects.toMatchObject(refused);
    await history.rollBack(moved?.id ?? '', { confirmName: `${registry.host}/team/web:latest` });
    expect(await there('latest')).toBe(two.digest);
  });
});
