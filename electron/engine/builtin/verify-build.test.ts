import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Workshop } from '../../build/testing/workshop.ts';
import type { VerifyReport } from '../../build/verify/compare-builds.ts';
import { verifyBuild } from '../../build/verify/verify-build.ts';
import { probeSandbox } from '../../sandbox/probe.ts';
import { createSandboxRunner } from './sandbox-runner.ts';

const sandbox = await probeSandbox();
const canRun = sandbox.available && existsSync('/bin/busybox');

describe.skipIf(!canRun)('verifying a build (needs namespaces and busybox-static)', () => {
  let shop: Workshop;
  beforeEach(async () => {
    shop = await Workshop.open(createSandboxRunner);
    await shop.addBusybox('busybox:1');
  });
  afterEach(() => shop.close());

  const ignore = (): void => undefined;
  async function verify(dockerfile: string, reproducible: boolean): Promise<VerifyReport> {
    await shop.write({ Dockerfile: dockerfile, 'a.txt': 'A' });
    const options = { tags: ['app:1'], buildArgs: {}, noCache: false, engine: 'builtin', reproducible };
    return verifyBuild(
      shop.services,
      { contextPath: shop.context, options },
      {
        signal: new AbortController().signal,
        runnerFor: createSandboxRunner,
        onBuild: ignore,
        onSteps: ignore,
        onStep: ignore,
        onLog: ignore,
      },
    );
  }

  it('finds the builds equal when they are reproducible, and keeps nothing of them', async () => {
    const images = await shop.store.images.list();
    const report = await verify('FROM busybox:1\nCOPY a.txt /\nRUN mkdir /m && date > /dev/null\n', true);
    expect(report).toMatchObject({ equal: true, steps: [], config: [] });
    expect(await shop.store.images.list()).toEqual(images);
    expect(await shop.store.names.list()).toHaveLength(1);
    expect(await readdir(shop.store.paths.scratch())).toEqual([]);
  }, 60_000);

  it('tells that only times differ when nothing else does', async () => {
    const report = await verify('FROM busybox:1\nCOPY a.txt /\nRUN echo hi > /made.txt\n', false);
    expect(report).toMatchObject({ equal: false, onlyTimes: true });
    expect(report.steps.map(({ createdBy }) => createdBy)).toEqual(['RUN /bin/sh -c echo hi > /made.txt']);
    expect(report.steps[0]?.files).toMatchObject([{ path: 'made.txt', kinds: ['time'] }]);
  }, 60_000);

  it('names the file whose content differs, with its step', async () => {
    const report = await verify(
      'FROM busybox:1\nRUN cat /proc/sys/kernel/random/uuid > /id && echo same > /same\n',
      true,
    );
    expect(report).toMatchObject({ equal: false, onlyTimes: false });
    expect(report.steps[0]?.files).toEqual([
      { path: 'id', kinds: ['content'], detail: 'other content of 37 bytes', cause: null },
    ]);
  }, 60_000);
});
