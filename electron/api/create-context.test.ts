import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContractRouterClient } from '@orpc/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Contract } from '#shared/contract/contract.ts';
import type { OperationEvent } from '#shared/contract/operations.ts';
import type { ProjectSummary } from '#shared/contract/projects.ts';
import { createContext } from './create-context.ts';
import type { DownloadPlace, HostContext } from './host-context.ts';
import { createTestClient } from './testing/test-context.ts';

let folder: string;
let context: HostContext;
let client: ContractRouterClient<Contract>;
const reported: unknown[] = [];
const saved: { name: string; bytes: Buffer }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strata-context-'));
  context = await createContext({
    home: join(folder, 'home'),
    // Nothing of this machine's own engines and accounts may take part.
    env: { PATH: process.env.PATH, HOME: join(folder, 'user'), DOCKER_HOST: `unix://${folder}/no.sock` },
    report: (error) => void reported.push(error),
    host: {
      kind: 'web',
      choosePath: async () => null,
      openExternal: async () => false,
      offerDownload: async (download, signal): Promise<DownloadPlace> => {
        const chunks: Buffer[] = [];
        for await (const chunk of await download.open(signal)) chunks.push(chunk as Buffer);
        saved.push({ name: download.name, bytes: Buffer.concat(chunks) });
        return { path: null, url: `/download/${download.name}` };
      },
    },
  });
  client = createTestClient(context);
});
afterAll(async () => {
  await context.close();
  await rm(folder, { recursive: true, force: true });
  expect(reported).toEqual([]);
});

async function eventsOf(operationId: string): Promise<OperationEvent[]> {
  const events: OperationEvent[] = [];
  for await (const event of await client.operations.watch({ id: operationId })) events.push(event);
  return events;
}

async function build(project: ProjectSummary) {
  const { operationId, buildId } = await client.builds.start({
    projectId: project.id,
    options: project.options,
  });
  await eventsOf(operationId);
  expect(context.operations.get(operationId)).toMatchObject({ state: 'done', error: null });
  return client.builds.get({ id: buildId });
}

describe.skipIf(process.platform !== 'linux')('a first minute without network (Linux)', () => {
  let project: ProjectSummary;

  it('begins with the sample, whose base is in the store', async () => {
    await client.folders.browse({ path: folder });
    project = await client.projects.createSample({ path: join(folder, 'sample') });
    expect(project).toMatchObject({ name: 'sample', problem: null, lastBuild: null });
    expect(await client.images.list({ engine: 'builtin' })).toHaveLength(1);
    const source = await client.projects.source({ id: project.id });
    expect(source).toMatchObject({ name: 'Dockerfile', error: null });
    expect(source.instructions.length).toBeGreaterThan(3);
    expect(await client.projects.context({ id: project.id })).toMatchObject({
      ignoredFiles: expect.any(Number),
    });
  });

  it('builds, and the second time every step is a hit, as was foreseen', async () => {
    const first = await build(project);
    expect(first).toMatchObject({ state: 'done', tags: project.options.tags });
    expect(first.stepList.some((step) => step.status === 'miss')).toBe(true);
    const plan = await client.projects.predict({ id: project.id, options: project.options });
    expect(plan.map((step) => step.predicted)).not.toContain('miss');
    const second = await build(project);
    expect(second.digest).toBe(first.digest);
    expect(second.stepList.map((step) => step.status)).not.toContain('miss');
    expect((await client.projects.list())[0]?.lastBuild).toMatchObject({ id: second.id, state: 'done' });
  });

  it('keeps the logs of the steps that ran', async () => {
    const [, first] = await client.builds.list({ projectId: project.id });
    const detail = await client.builds.get({ id: first?.id ?? '' });
    const run = detail.stepList.find((step) => step.instruction.startsWith('RUN'));
    const log = await client.builds.log({ id: detail.id, step: run?.index ?? -1 });
    expect(log).toMatchObject({ done: true, next: log.text.length });
  });

  it('shows the layers and the files of the result, and gives one file out', async () => {
    const ref = project.options.tags[0] ?? '';
    const image = await client.images.get({ engine: 'builtin', ref });
    expect(image.browsable).toBe(true);
    const top = image.layers.length - 1;
    const { rows } = await client.images.files({
      engine: 'builtin',
      ref,
      layer: top,
      view: 'stack',
      path: '',
    });
    expect(rows.map((row) => row.name)).toContain('etc');
    const found = await client.images.searchFiles({
      ...{ engine: 'builtin', ref, layer: top, view: 'stack' },
      query: 'site index.html',
    });
    const path = found.rows[0]?.path ?? '';
    expect(path).toBe('site/index.html');
    const { text, size } = await client.images.previewFile({ engine: 'builtin', ref, layer: top, path });
    expect(text).toContain('The corner shop');
    await client.images.exportFile({ engine: 'builtin', ref, layer: top, path });
    expect(saved.at(-1)).toMatchObject({ name: 'index.html', bytes: { length: size } });
    expect(saved.at(-1)?.bytes.toString()).toBe(text);
  });

  it('names the file that changed as the reason for a rebuild', async () => {
    const file = join(folder, 'sample', 'products.csv');
    await writeFile(file, `${await readFile(file, 'utf8')}new,1\n`);
    const plan = await client.projects.predict({ id: project.id, options: project.options });
    const reasons = plan.flatMap((step) => step.reasons);
    expect(reasons.flatMap((reason) => reason.paths ?? [])).toContain('products.csv');
  });

  it('tags, saves, removes and loads again', async () => {
    const ref = project.options.tags[0] ?? '';
    await client.images.tag({ engine: 'builtin', ref, name: 'kept:1' });
    const { operationId } = await client.images.save({ engine: 'builtin', ref: 'kept:1', format: 'oci' });
    await eventsOf(operationId);
    expect(context.operations.get(operationId)).toMatchObject({ state: 'done', error: null });
    const archive = join(folder, 'kept.tar');
    await writeFile(archive, saved.at(-1)?.bytes ?? '');
    const before = await client.images.get({ engine: 'builtin', ref });
    const removed = await client.images.remove({ engine: 'builtin', ids: [before.summary.id], force: true });
    expect(removed.failed).toEqual([]);
    await client.folders.browse({ path: folder, show: 'archives' });
    const loading = await client.images.load({ path: archive });
    await eventsOf(loading.operationId);
    expect(context.operations.get(loading.operationId)).toMatchObject({ state: 'done', error: null });
    expect((await client.images.get({ engine: 'builtin', ref: 'kept:1' })).imageId).toBe(before.imageId);
  });

  it('tells what the disk holds and cleans up', async () => {
    const usage = await client.storage.usage();
    expect(usage.totalBytes).toBeGreaterThan(0);
    const { operationId } = await client.storage.prune();
    await eventsOf(operationId);
    expect(context.operations.get(operationId)).toMatchObject({ state: 'done', result: { kind: 'prune' } });
  });
});

describe('engines', () => {
  it('are the built-in one and those that could be there, each with what to do', async () => {
    const engines = await client.engines.list();
    expect(engines.map(({ id, state }) => [id, state])).toEqual([
      ['builtin', 'ready'],
      ['docker', 'unavailable'],
      ['podman', 'unavailable'],
    ]);
    expect(engines[1]?.hint).toEqual(expect.any(String));
  });

  it('are looked for elsewhere as soon as the settings say so', async () => {
    const changes = await client.app.changes();
    await client.settings.update({ dockerHost: `unix://${folder}/other.sock` });
    for await (const change of changes) if (change.topic === 'engines') break;
    const docker = (await client.engines.list()).find(({ id }) => id === 'docker');
    expect(docker?.detail).toContain('other.sock');
  });

  it('are part of the diagnosis, beside the data folder and RUN steps', async () => {
    const found = await client.settings.diagnose();
    expect(found.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['data-folder', 'sandbox', 'engine-docker', 'engine-podman']),
    );
  });
});
