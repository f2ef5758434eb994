import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContractRouterClient } from '@orpc/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Contract } from '#shared/contract/contract.ts';
import type { OperationEvent } from '#shared/contract/operations.ts';
import { buildOptions } from '#shared/contract/projects.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { Grants } from '../settings/grants.ts';
import { createMemoryEngine, type MemoryEngine, outcomeOf } from './testing/memory-engine.ts';
import { createTestClient, createTestContext, type TestContext } from './testing/test-context.ts';

let home: string;
let engine: MemoryEngine;
let context: TestContext;
let client: ContractRouterClient<Contract>;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'strata-api-'));
  engine = createMemoryEngine();
  context = createTestContext(home, [engine]);
  client = createTestClient(context);
});
afterEach(async () => {
  await context.close();
  await rm(home, { recursive: true, force: true });
});

function failure(code: string, rest: object = {}) {
  return expect.objectContaining({
    code: 'FAILED',
    defined: true,
    data: expect.objectContaining({ code, ...rest }),
  });
}

async function eventsOf(operationId: string): Promise<OperationEvent[]> {
  const events: OperationEvent[] = [];
  for await (const event of await client.operations.watch({ id: operationId })) events.push(event);
  return events;
}

async function endOf(operationId: string) {
  await eventsOf(operationId);
  return context.operations.get(operationId);
}

async function addProject(name = 'web'): Promise<{ id: string; path: string }> {
  const path = join(home, name);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'Dockerfile'), 'FROM scratch\n');
  await client.folders.browse({ path: home });
  return client.projects.add({ path });
}

describe('errors', () => {
  it('keep code, words, hint and detail', async () => {
    await expect(client.images.list({ engine: 'podman' })).rejects.toEqual(
      failure('engine-unavailable', {
        message: 'There is no engine "podman" here.',
        hint: expect.any(String),
        detail: { kind: 'engine', engine: 'podman' },
      }),
    );
    expect(context.reported).toEqual([]);
  });

  it('are invalid-input when what was asked does not fit the contract', async () => {
    const wrong = { engine: '', ref: 'web:1' };
    await expect(client.images.get(wrong)).rejects.toEqual(
      failure('invalid-input', { message: expect.stringContaining('images.get') }),
    );
  });

  it('are internal when nobody expected them, and are written down with their stack', async () => {
    const bug = new TypeError('x is undefined');
    engine.images.list = () => Promise.reject(bug);
    await expect(client.images.list({ engine: 'builtin' })).rejects.toEqual(failure('internal'));
    expect(context.reported).toEqual([bug]);
  });

  it('are internal when an engine answers what does not fit the contract', async () => {
    engine.images.list = async () => [{ id: 1 } as never];
    await expect(client.images.list({ engine: 'builtin' })).rejects.toEqual(failure('internal'));
    expect(context.reported).toHaveLength(1);
  });

  it('reach the reader of a stream, typed as well', async () => {
    const gone = new AppError('not-found', 'It is gone.');
    const broken = {
      ...engine,
      id: 'docker',
      containers: {
        ...({} as NonNullable<MemoryEngine['containers']>),
        logs: async function* () {
          yield { stream: 'stdout' as const, text: 'one\n' };
          throw gone;
        },
      },
    };
    client = createTestClient(createTestContext(home, [broken]));
    const logs = await client.containers.logs({ engine: 'docker', id: 'c' });
    expect((await logs.next()).value).toEqual({ stream: 'stdout', text: 'one\n' });
    await expect(logs.next()).rejects.toEqual(failure('not-found', { message: 'It is gone.' }));
  });

  it('say which engine cannot do a thing', async () => {
    await expect(client.containers.list({ engine: 'builtin' })).rejects.toEqual(
      failure('unsupported', { message: 'Memory engine cannot run containers.' }),
    );
  });
});

describe('projects', () => {
  it('are added from folders that were seen in the chooser, and from no other', async () => {
    const { id, path } = await addProject();
    expect(await client.projects.list()).toMatchObject([{ id, path, name: 'web', problem: null }]);
    await expect(client.projects.add({ path: '/etc' })).rejects.toEqual(failure('forbidden'));
  });

  it.each([
    ['the folder is gone', async (path: string) => rm(path, { recursive: true }), 'The folder is gone.'],
    [
      'the Dockerfile is gone',
      async (path: string) => rm(join(path, 'Dockerfile')),
      'There is no Dockerfile in the folder.',
    ],
  ])('tell that %s', async (_name, change, problem) => {
    const { path } = await addProject();
    await change(path);
    expect(await client.projects.list()).toMatchObject([{ problem }]);
  });

  it('tell every page that the list changed', async () => {
    const changes = await client.app.changes();
    await addProject();
    expect((await changes.next()).value).toEqual({ topic: 'projects' });
    await changes.return();
  });

  it('have no prediction where the engine cannot give one', async () => {
    const { id } = await addProject();
    expect(await client.projects.predict({ id, options: buildOptions.parse({}) })).toEqual([]);
  });

  it.each(['/etc/passwd', '../../etc/passwd', '../other/Dockerfile'])(
    'are not a way to read %s as a Dockerfile',
    async (dockerfile) => {
      const { id } = await addProject();
      const options = buildOptions.parse({ dockerfile });
      const refused = failure('forbidden');
      await expect(client.projects.source({ id, dockerfile })).rejects.toEqual(refused);
      await expect(client.projects.context({ id, dockerfile })).rejects.toEqual(refused);
      await expect(client.projects.predict({ id, options })).rejects.toEqual(refused);
      await expect(client.projects.setOptions({ id, options })).rejects.toEqual(refused);
      await expect(client.builds.start({ projectId: id, options })).rejects.toEqual(refused);
      expect((await client.projects.list())[0]?.options.dockerfile).toBeUndefined();
    },
  );

  it.each([
    ['a secret', { secrets: [{ id: 's', file: '/etc/shadow' }] }],
    ['a socket', { ssh: [{ id: 'default', socket: '/run/other.sock' }] }],
    ['a folder', { contexts: { etc: '/etc' } }],
    ['an image layout', { contexts: { other: 'oci-layout:///var/lib/other' } }],
  ])('cannot read %s that nobody chose', async (_name, given) => {
    const { id } = await addProject();
    const options = buildOptions.parse(given);
    const refused = failure('forbidden');
    await expect(client.projects.setOptions({ id, options })).rejects.toEqual(refused);
    await expect(client.projects.predict({ id, options })).rejects.toEqual(refused);
    await expect(client.builds.start({ projectId: id, options })).rejects.toEqual(refused);
  });

  it('can use a Dockerfile elsewhere when it was chosen', async () => {
    const { id } = await addProject();
    context.grants.add('/etc/Dockerfile');
    const options = buildOptions.parse({ dockerfile: '/etc/Dockerfile' });
    expect(await client.projects.setOptions({ id, options })).toMatchObject({ options });
  });

  it('can use what its remembered options name, also after a restart', async () => {
    const { id } = await addProject();
    context.grants.add('/etc/npmrc');
    const options = buildOptions.parse({ secrets: [{ id: 'npmrc', file: '/etc/npmrc' }] });
    await client.projects.setOptions({ id, options });
    client = createTestClient({ ...context, grants: new Grants() });
    expect(await client.projects.setOptions({ id, options })).toMatchObject({ options });
    const other = buildOptions.parse({ secrets: [{ id: 'npmrc', file: '/etc/shadow' }] });
    await expect(client.projects.setOptions({ id, options: other })).rejects.toEqual(failure('forbidden'));
  });

  it('can be a sample in a new folder below a chosen one', async () => {
    await client.folders.browse({ path: home });
    const sample = await client.projects.createSample({ path: join(home, 'sample') });
    expect(sample).toMatchObject({ name: 'sample', options: { tags: ['sample:latest'] } });
    await expect(client.projects.createSample({ path: '/opt/sample' })).rejects.toEqual(failure('forbidden'));
  });
});

it('projects get advice on the Dockerfile that their options name', async () => {
  const { id, path } = await addProject();
  const numbers = { line: 3, rebuilds: 14, ms: 400_000, bytes: null };
  const advice = {
    kind: 'order' as const,
    title: 'COPY . . stands before RUN npm ci',
    detail: 'x',
    ...numbers,
  };
  const asked: unknown[] = [];
  const advisor: TestContext['advisor'] = {
    advise: async (project) => {
      asked.push(project);
      return [advice];
    },
  };
  client = createTestClient({ ...context, advisor });
  await client.projects.setOptions({ id, options: buildOptions.parse({ dockerfile: 'dev.Dockerfile' }) });
  expect(await client.projects.advice({ id })).toEqual([advice]);
  await client.projects.advice({ id, measured: true });
  expect(asked).toEqual([
    { contextPath: path, dockerfile: 'dev.Dockerfile', measured: false },
    { contextPath: path, dockerfile: 'dev.Dockerfile', measured: true },
  ]);
});

describe('builds', () => {
  const step = {
    ...{ index: 0, stage: 'final', line: 1, endLine: 1, instruction: 'FROM scratch' },
    ...{ ms: 1, size: 0, reasons: [] },
  };

  it('tell their steps and logs, keep them in the record, and remember the options', async () => {
    const { id } = await addProject();
    engine.build = async ({ onEvent }) => {
      onEvent({ type: 'steps', steps: [{ ...step, status: 'waiting' }] });
      onEvent({ type: 'step', step: { ...step, status: 'running' } });
      onEvent({ type: 'log', step: 0, text: 'hello\n' });
      onEvent({ type: 'step', step: { ...step, status: 'miss' } });
      return outcomeOf([]);
    };
    const options = buildOptions.parse({ tags: ['web:2'] });
    const { operationId, buildId } = await client.builds.start({ projectId: id, options });
    const end = await endOf(operationId);
    expect(end).toMatchObject({
      state: 'done',
      buildId,
      progress: { done: 1, total: 1, unit: 'steps' },
      result: { kind: 'build', buildId, digest: 'sha256:d', imageId: 'sha256:c', tags: ['web:2'] },
    });
    expect(await client.builds.get({ id: buildId })).toMatchObject({
      operationId,
      projectId: id,
      stepList: [{ status: 'miss' }],
    });
    expect(await client.builds.log({ id: buildId, step: 0 })).toEqual({
      text: 'hello\n',
      next: 6,
      done: true,
    });
    expect(await client.projects.list()).toMatchObject([
      { options: { tags: ['web:2'] }, lastBuild: { id: buildId } },
    ]);
  });

  it('can be compared, and their trace saved', async () => {
    const { id } = await addProject();
    const ids: string[] = [];
    for (const status of ['miss', 'hit'] as const) {
      engine.build = async ({ onEvent }) => {
        onEvent({ type: 'steps', steps: [{ ...step, status, startedAt: 3 }] });
        return outcomeOf([]);
      };
      const options = buildOptions.parse({ noCache: status === 'miss' });
      const { operationId, buildId } = await client.builds.start({ projectId: id, options });
      await endOf(operationId);
      ids.push(buildId);
    }
    const [before = '', after = ''] = ids;
    expect(await client.builds.compare({ before, after })).toMatchObject({
      before: { id: before },
      after: { id: after },
      options: [{ name: 'noCache', before: 'true', after: null }],
      steps: [{ change: 'same', before: { status: 'miss' }, after: { status: 'hit' }, layer: 'none' }],
    });
    expect(await client.builds.trace({ id: after })).toMatchObject({ path: null, url: expect.any(String) });
    const [{ name, text } = { name: '', text: '' }] = context.saved;
    expect(name).toMatch(/\.trace\.json$/);
    expect(JSON.parse(text).traceEvents.at(-1)).toMatchObject({ name: 'FROM scratch', ts: 3000 });
    await expect(client.builds.compare({ before, after: 'gone' })).rejects.toEqual(failure('not-found'));
  });

  it('that fail are kept with their error, at its place in the source', async () => {
    const { id } = await addProject();
    const detail = { kind: 'step', line: 3, instruction: 'RUN false', exitCode: 1, signal: null } as const;
    engine.build = () =>
      Promise.reject(new AppError('step-failed', 'RUN false ended with exit code 1.', { detail }));
    const { operationId, buildId } = await client.builds.start({
      projectId: id,
      options: buildOptions.parse({}),
    });
    expect(await endOf(operationId)).toMatchObject({
      state: 'failed',
      error: { code: 'step-failed', detail },
    });
    expect(await client.builds.get({ id: buildId })).toMatchObject({ state: 'failed', error: { detail } });
  });

  it('that are cancelled are kept as such', async () => {
    const { id } = await addProject();
    engine.build = ({ signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const { operationId, buildId } = await client.builds.start({
      projectId: id,
      options: buildOptions.parse({}),
    });
    await expect.poll(() => client.builds.list({})).toHaveLength(1);
    await client.operations.cancel({ id: operationId });
    expect(await endOf(operationId)).toMatchObject({ state: 'cancelled' });
    expect(await client.builds.get({ id: buildId })).toMatchObject({ state: 'cancelled' });
  });

  it('of an unknown project or engine begin nothing', async () => {
    const options = buildOptions.parse({});
    await expect(client.builds.start({ projectId: 'x', options })).rejects.toEqual(failure('not-found'));
    const { id } = await addProject();
    const elsewhere = buildOptions.parse({ engine: 'docker' });
    await expect(client.builds.start({ projectId: id, options: elsewhere })).rejects.toEqual(
      failure('engine-unavailable'),
    );
    expect(await client.operations.list()).toEqual([]);
  });
});

describe('images', () => {
  it('are tagged by the familiar name, which tells what it pointed at', async () => {
    const named = await client.images.tag({
      engine: 'builtin',
      ref: 'sha256:2',
      name: 'docker.io/library/web:1',
    });
    expect(named).toEqual({ name: 'web:1', previous: 'sha256:1' });
    expect(await client.images.resolveName({ engine: 'builtin', name: 'web:1' })).toEqual({
      name: 'web:1',
      id: 'sha256:2',
    });
    expect(await client.images.resolveName({ engine: 'builtin', name: 'web' })).toEqual({
      name: 'web:latest',
      id: null,
    });
    expect(await client.images.untag({ engine: 'builtin', name: 'web:1' })).toEqual({ previous: 'sha256:2' });
  });

  it('have names that are checked', async () => {
    const asked = { engine: 'builtin', name: 'Web App' };
    await expect(client.images.resolveName(asked)).rejects.toEqual(failure('invalid-input'));
  });

  it('tell before a removal what it frees and what stands against it', async () => {
    expect(await client.images.previewRemove({ engine: 'builtin', ids: ['sha256:1', 'sha256:2'] })).toEqual({
      freesBytes: 80,
      blocked: [{ id: 'sha256:2', why: 'Used by shop, blog.' }],
    });
  });

  it('are removed one by one, and what cannot be is told', async () => {
    expect(await client.images.remove({ engine: 'builtin', ids: ['sha256:2', 'sha256:1'] })).toEqual({
      removed: ['sha256:1'],
      failed: [{ id: 'sha256:2', message: 'It is used by shop, blog. Remove them first.' }],
    });
    expect(await client.images.remove({ engine: 'builtin', ids: ['sha256:2'], force: true })).toEqual({
      removed: ['sha256:2'],
      failed: [],
    });
  });

  it('give single files to the person', async () => {
    const file = { engine: 'builtin', ref: 'web:1', layer: 0 };
    expect(await client.images.exportFile({ ...file, path: 'etc/motd' })).toEqual({
      path: null,
      url: '/download/1/motd',
    });
    expect(context.saved).toEqual([{ name: 'motd', text: 'hello\n' }]);
    await expect(client.images.exportFile({ ...file, path: 'etc/nothing' })).rejects.toEqual(
      failure('not-found'),
    );
  });

  it.each([
    ['acme/web:1.4.2', 'web-1.4.2.tar'],
    ['localhost:5000/web', 'web.tar'],
    [`web@sha256:${'a'.repeat(64)}`, 'web.tar'],
    [`sha256:${'a'.repeat(64)}`, `sha256-${'a'.repeat(64)}.tar`],
  ])('are saved: %s as %s', async (ref, name) => {
    const { operationId } = await client.images.save({ engine: 'builtin', ref, format: 'oci' });
    const text = `archive of ${ref}`;
    expect(await endOf(operationId)).toMatchObject({
      state: 'done',
      result: { kind: 'save', url: `/download/1/${name}`, bytes: text.length },
    });
    expect(context.saved).toEqual([{ name, text }]);
  });

  it('are loaded from archives that were seen in the chooser, and from no other', async () => {
    const path = join(home, 'image.tar');
    await writeFile(path, '');
    await expect(client.images.load({ path })).rejects.toEqual(failure('forbidden'));
    await client.folders.browse({ path: home, show: 'archives' });
    const { operationId } = await client.images.load({ path });
    expect(await endOf(operationId)).toMatchObject({ result: { kind: 'load', references: ['web:2'] } });
  });
});

describe('transfers', () => {
  const descriptor = {
    mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
    digest: 'sha256:a',
    size: 10,
  } as const;

  it('tell each blob with the instruction that made it, and all bytes as progress', async () => {
    context.transfers.push = async (_engine, ref, target, { onBlob, onLabels, moveTag }) => {
      onLabels(new Map([['sha256:a', 'RUN npm ci']]));
      onBlob({ descriptor, state: 'transferring', done: 4 });
      onBlob({ descriptor: { ...descriptor, digest: 'sha256:b', size: 90 }, state: 'exists', done: 0 });
      onBlob({ descriptor, state: 'done', done: 10 });
      return { reference: `${target} ${moveTag}`, digest: 'sha256:d', pinned: ref };
    };
    const { operationId } = await client.registries.push({
      engine: 'builtin',
      ref: 'web:1',
      target: 'r/web:1',
    });
    await endOf(operationId);
    expect(await eventsOf(operationId)).toMatchObject([
      {
        snapshot: {
          blobs: [
            { digest: 'sha256:a', label: 'RUN npm ci', state: 'done', done: 10 },
            { digest: 'sha256:b', label: 'layer', state: 'exists' },
          ],
        },
      },
    ]);
    expect(context.operations.get(operationId)).toMatchObject({
      title: 'Push r/web:1',
      progress: { done: 100, total: 100, unit: 'bytes' },
      result: { kind: 'push', reference: 'r/web:1 false', digest: 'sha256:d', pinned: 'web:1' },
    });
  });

  it('pull for the platform that was asked for', async () => {
    const asked: unknown[] = [];
    context.transfers.pull = async (_engine, reference, { platform }) => {
      asked.push([reference, platform]);
      return { reference, digest: 'sha256:d' };
    };
    const pull = { engine: 'builtin', reference: 'web:2', platform: 'linux/arm64' };
    const { operationId } = await client.registries.pull(pull);
    expect(await endOf(operationId)).toMatchObject({
      title: 'Pull web:2',
      state: 'done',
      result: { kind: 'pull', reference: 'web:2', digest: 'sha256:d' },
    });
    expect(asked).toEqual([['web:2', 'linux/arm64']]);
  });
});

describe('settings', () => {
  it('change one by one and leave the others as they were', async () => {
    await client.settings.update({ theme: 'dark', mirrors: { 'docker.io': 'localhost:5000' } });
    await client.settings.update({ engine: 'docker' });
    expect(await client.settings.get()).toMatchObject({
      theme: 'dark',
      engine: 'docker',
      mirrors: { 'docker.io': 'localhost:5000' },
    });
  });
});
