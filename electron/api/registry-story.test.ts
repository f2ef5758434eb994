import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContractRouterClient } from '@orpc/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Contract } from '#shared/contract/contract.ts';
import type { Operation, OperationEvent } from '#shared/contract/operations.ts';
import { findRegistry, startRegistry, type TestRegistry } from '../engine/testing/start-registry.ts';
import { createContext } from './create-context.ts';
import type { HostContext } from './host-context.ts';
import { createTestClient } from './testing/test-context.ts';

const hasRegistry = (await findRegistry()) !== null;
const account = { username: 'ann', password: 'secret' };

let folder: string;
let registry: TestRegistry;
let here: { context: HostContext; client: ContractRouterClient<Contract> };

async function openHome(name: string): Promise<typeof here> {
  const context = await createContext({
    home: join(folder, name),
    env: { PATH: process.env.PATH, HOME: join(folder, 'user'), DOCKER_HOST: `unix://${folder}/no.sock` },
    report: (error) => {
      throw error;
    },
    host: {
      kind: 'web',
      choosePath: async () => null,
      openExternal: async () => false,
      offerDownload: async () => ({ path: null, url: null }),
    },
  });
  return { context, client: createTestClient(context) };
}

/** Waits for the end of the work; answers how it ended and what was told. */
async function follow(operationId: string): Promise<{ end: Operation; events: OperationEvent[] }> {
  const events: OperationEvent[] = [];
  for await (const event of await here.client.operations.watch({ id: operationId })) events.push(event);
  return { end: here.context.operations.get(operationId), events };
}

async function buildWith(content: string): Promise<string> {
  const path = join(folder, 'web');
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'Dockerfile'), 'FROM scratch\nCOPY page.txt /\nCMD ["/page"]\n');
  await writeFile(join(path, 'page.txt'), content);
  await here.client.folders.browse({ path: folder });
  const project = await here.client.projects.add({ path });
  const options = { ...project.options, tags: ['web:1'] };
  const { operationId } = await here.client.builds.start({ projectId: project.id, options });
  const { end } = await follow(operationId);
  expect(end).toMatchObject({ state: 'done', error: null });
  return end.result?.kind === 'build' ? end.result.digest : '';
}

async function push(target: string, moveTag = false, movesFrom?: string) {
  const image = { engine: 'builtin', ref: 'web:1', target, moveTag, movesFrom };
  const { operationId } = await here.client.registries.push(image);
  return follow(operationId);
}

describe.skipIf(!hasRegistry)('with a registry (docker-registry is not installed)', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'strata-story-'));
    registry = await startRegistry({ account });
    here = await openHome('home');
  });
  afterAll(async () => {
    await here.context.close();
    await registry.remove();
    await rm(folder, { recursive: true, force: true });
  });

  it('signs in after asking the registry, and keeps nothing when it refuses', async () => {
    const wrong = { host: registry.host, username: 'ann', password: 'wrong' };
    await expect(here.client.registries.login(wrong)).rejects.toMatchObject({
      data: { code: 'unauthorized', detail: { kind: 'registry', host: registry.host } },
    });
    expect(await here.client.registries.list()).toEqual([]);
    await here.client.registries.login({ host: registry.host, ...account });
    expect(await here.client.registries.list()).toMatchObject([{ host: registry.host, username: 'ann' }]);
  });

  it('tells before a push what it would meet, and pushes layer by layer', async () => {
    const digest = await buildWith('one');
    const target = `${registry.host}/team/web:1.4.2`;
    const image = { engine: 'builtin', ref: 'web:1', target };
    expect(await here.client.registries.checkPush(image)).toMatchObject({
      host: registry.host,
      repository: 'team/web',
      tag: '1.4.2',
      username: 'ann',
      remote: { state: 'absent' },
      localDigest: digest,
      layers: [{ label: expect.stringContaining('COPY page.txt') }],
    });
    const { end, events } = await push(target);
    expect(end).toMatchObject({
      state: 'done',
      result: { kind: 'push', digest, pinned: `${registry.host}/team/web@${digest}` },
    });
    const blobs = events.flatMap((event) => (event.type === 'snapshot' ? event.snapshot.blobs : []));
    const told = events.flatMap((event) => (event.type === 'blob' ? [event.blob] : []));
    const labels = [...blobs, ...told].map((blob) => blob.label);
    expect(labels).toContain('config');
    expect(labels.some((label) => label.includes('COPY page.txt'))).toBe(true);
    expect(await here.client.registries.checkPush(image)).toMatchObject({
      remote: { state: 'same', digest },
    });
  });

  it('does not move a tag by itself, and moves it when told so', async () => {
    const before = (await here.client.images.get({ engine: 'builtin', ref: 'web:1' })).manifestDigest;
    const digest = await buildWith('two');
    const target = `${registry.host}/team/web:1.4.2`;
    expect(await here.client.registries.checkPush({ engine: 'builtin', ref: 'web:1', target })).toMatchObject(
      {
        remote: { state: 'different', digest: before },
        nextVersions: ['1.4.3', '1.5.0', '2.0.0'],
      },
    );
    const refused = await push(target);
    expect(refused.end).toMatchObject({
      state: 'failed',
      error: { code: 'tag-moved', detail: { kind: 'tag', current: before, wanted: digest } },
    });
    // What was seen when the move was confirmed is not what it names.
    expect((await push(target, true, digest)).end).toMatchObject({
      state: 'failed',
      error: { code: 'tag-moved', detail: { kind: 'tag', current: before, wanted: digest } },
    });
    expect((await push(target, true, before ?? '')).end).toMatchObject({ state: 'done', result: { digest } });
  });

  it('copies over a tag only from what it named when that was confirmed', async () => {
    const from = `${registry.host}/team/web:1.4.2`;
    const to = `${registry.host}/team/web:copied`;
    const copy = async (moving: { moveTag: boolean; movesFrom?: string }) =>
      (await follow((await here.client.registries.copy({ from, to, ...moving })).operationId)).end;
    expect(await copy({ moveTag: false })).toMatchObject({ state: 'done' });
    const before = (await here.client.registries.inspect({ reference: to })).manifestDigest ?? '';
    const digest = await buildWith('two and a half');
    expect((await push(from, true)).end).toMatchObject({ state: 'done' });
    expect(await copy({ moveTag: true, movesFrom: digest })).toMatchObject({
      state: 'failed',
      error: { code: 'tag-moved', hint: expect.stringContaining('Somebody else moved it') },
    });
    expect(await copy({ moveTag: true, movesFrom: before })).toMatchObject({
      state: 'done',
      result: { digest },
    });
  });

  it('moves a tag that is meant to move without a word', async () => {
    const target = `${registry.host}/team/web:latest`;
    expect((await push(target)).end.state).toBe('done');
    await buildWith('three');
    expect((await push(target)).end.state).toBe('done');
  });

  it('pulls by digest into an empty store, and it is the same image', async () => {
    const { manifestDigest, imageId } = await here.client.images.get({ engine: 'builtin', ref: 'web:1' });
    await here.context.close();
    here = await openHome('other');
    const reference = `${registry.host}/team/web@${manifestDigest}`;
    const { operationId } = await here.client.registries.pull({ engine: 'builtin', reference });
    const { end } = await follow(operationId);
    expect(end).toMatchObject({ state: 'done', result: { kind: 'pull', digest: manifestDigest } });
    expect(await here.client.images.get({ engine: 'builtin', ref: manifestDigest ?? '' })).toMatchObject({
      manifestDigest,
      imageId,
    });
  });

  it('says who is missing when it may not pull any more', async () => {
    await here.client.registries.logout({ host: registry.host });
    const reference = `${registry.host}/team/web:1.4.2`;
    const { operationId } = await here.client.registries.pull({ engine: 'builtin', reference });
    expect((await follow(operationId)).end).toMatchObject({
      state: 'failed',
      error: { code: 'unauthorized', hint: expect.any(String) },
    });
  });
});
