import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Workshop } from '../../build/testing/workshop.ts';
import { probeSandbox } from '../../sandbox/probe.ts';
import { createBuildAdvisor } from './build-advisor.ts';
import { createBuildRecords } from './build-records.ts';
import { createSandboxRunner } from './sandbox-runner.ts';

const sandbox = await probeSandbox();
const canRun = sandbox.available && existsSync('/bin/busybox');

const DOCKERFILE = `FROM busybox:1
COPY --chmod=755 npm /bin/npm
COPY app /app
RUN npm ci
`;

describe.skipIf(!canRun)('advice from real builds (needs namespaces and busybox-static)', () => {
  let shop: Workshop;
  beforeEach(async () => {
    shop = await Workshop.open(createSandboxRunner);
    await shop.addBusybox('busybox:1');
    await shop.write({
      npm: '#!/bin/sh\nmkdir -p /root/.npm/_cacache && head -c 2000000 /dev/urandom > /root/.npm/_cacache/big\n',
      'app/package.json': '{}',
      'app/main.js': 'one',
      Dockerfile: DOCKERFILE,
    });
  });
  afterEach(() => shop.close());

  const recordsOf = () => createBuildRecords(join(shop.folder, 'builds'));
  const advise = () =>
    createBuildAdvisor(shop.store, recordsOf()).advise({ contextPath: shop.context, dockerfile: undefined });

  async function build(id: string, change: Readonly<Record<string, string>> = {}): Promise<void> {
    await shop.write(change);
    const options = { tags: [], buildArgs: {}, noCache: false, engine: 'builtin' };
    const start = { operationId: '', projectId: null, name: 'app', engine: 'builtin', options };
    const recorder = await recordsOf().begin(id, { ...start, contextPath: shop.context });
    await recorder.finish({ state: 'done', outcome: { ...(await shop.build()), tags: [] } });
  }

  it('counts what changed files cost, and finds what a layer ships needlessly', async () => {
    await build('first');
    await build('second', { 'app/main.js': 'two' });
    await build('third', { 'app/package.json': '{"a":1}' });
    await build('fourth', { 'app/main.js': 'three' });
    await build('fifth');
    const found = await advise();
    expect(found[0]).toMatchObject({
      kind: 'order',
      title: 'COPY app /app stands before RUN npm ci',
      detail: expect.stringContaining('In your last 5 builds that cost 2 rebuilds'),
      line: 3,
      rebuilds: 2,
    });
    const cache = found.find(({ kind }) => kind === 'image');
    expect(cache).toMatchObject({ title: expect.stringContaining('npm'), line: 4 });
    expect(cache?.bytes).toBeGreaterThanOrEqual(2_000_000);
  }, 60_000);

  it('looks at builds of this folder and Dockerfile alone', async () => {
    await build('first');
    await build('second', { 'app/main.js': 'two' });
    await build('third', { 'app/main.js': 'three' });
    await shop.write({ 'other.Dockerfile': DOCKERFILE });
    const records = recordsOf();
    const other = { contextPath: shop.context, dockerfile: 'other.Dockerfile' };
    expect(await createBuildAdvisor(shop.store, records).advise(other)).toEqual([]);
    const elsewhere = { contextPath: join(shop.context, 'app'), dockerfile: undefined };
    await expect(createBuildAdvisor(shop.store, records).advise(elsewhere)).rejects.toMatchObject({
      code: 'not-found',
    });
  }, 60_000);
});
