import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import type { BuildEvent, Builder } from '../engine.ts';
import { findBusybox, importBase, makeBusyboxTar } from '../testing/busybox-base.ts';
import { findDockerd, startDockerd, type TestDockerd } from '../testing/start-dockerd.ts';
import { foldEvents, makeProject, removeFolders, stepLines } from '../testing/watch-build.ts';
import { createEngineBuilder } from './build/docker-builder.ts';
import { type Connector, createConnector } from './connection.ts';
import { createDockerDialect } from './docker-dialect.ts';
import { NO_CREDENTIALS } from './registry-auth.ts';

const isHere = (await findDockerd()) !== null && (await findBusybox()) !== null;
const DOCKERFILE = 'FROM base:1\nENV A=1\nCOPY . /all/\nRUN ls -A /all; echo $A\n';

describe.skipIf(!isHere)('a Docker engine that lacks something (root, docker.io, busybox-static)', () => {
  let dockerd: TestDockerd;
  let connector: Connector;
  const folders: string[] = [];

  beforeAll(async () => {
    dockerd = await startDockerd({ network: true });
    const search = {
      host: dockerd.host,
      env: {},
      homePath: dockerd.folder,
      platform: process.platform,
      uid: 0,
    };
    connector = createConnector(createDockerDialect(search), {});
    await importBase(dockerd.socketPath, 'base:1', await makeBusyboxTar());
  }, 120_000);
  afterEach(() => removeFolders(folders.splice(0)));
  afterAll(async () => {
    connector?.close();
    await dockerd?.remove();
  }, 60_000);

  /** An engine that has no sessions any more. */
  const withoutSession = (): Connector => ({
    ...connector,
    use: (action, signal) =>
      connector.use(
        (connection) =>
          action({
            ...connection,
            client: {
              ...connection.client,
              upgrade: () => Promise.reject(new AppError('not-found', 'page not found')),
            },
          }),
        signal,
      ),
  });
  const build = async (builder: Builder, files: Record<string, string>) => {
    const folder = await makeProject(files);
    folders.push(folder);
    const events: BuildEvent[] = [];
    const options = { tags: [], buildArgs: {}, noCache: false, engine: 'docker' };
    const running = builder.build(
      { contextPath: folder, options },
      { signal: new AbortController().signal, onEvent: (event) => void events.push(event) },
    );
    return running.then(
      (outcome) => ({ outcome, error: null, ...foldEvents(events) }),
      (error: unknown) => ({ outcome: null, error, ...foldEvents(events) }),
    );
  };
  const common = { engine: 'Docker', credentialsFor: NO_CREDENTIALS };

  it.each([
    ['without sessions', () => createEngineBuilder(withoutSession(), { ...common, hasBuildKit: () => true })],
    ['without BuildKit', () => createEngineBuilder(connector, { ...common, hasBuildKit: () => false })],
  ])('builds %s, from a context sent as a tar', async (_, makeBuilder) => {
    const files = { Dockerfile: DOCKERFILE, '.dockerignore': '*.log\n', 'a.txt': _, 'b.log': '' };
    const first = await build(makeBuilder(), files);
    expect(first.error).toBeNull();
    expect(stepLines(first.steps).slice(2)).toEqual([
      '3 COPY . /all/ miss',
      '4 RUN ls -A /all; echo $A miss',
    ]);
    expect((first.logs.get(3) ?? '').trim().split('\n')).toEqual([
      '.dockerignore',
      'Dockerfile',
      'a.txt',
      '1',
    ]);
    expect(first.steps[2]?.size).toBeGreaterThan(0);
    const second = await build(makeBuilder(), files);
    expect(second.steps.map(({ status }) => status)).toEqual(['hit', 'hit', 'hit', 'hit']);
    expect(second.outcome?.imageId).toBe(first.outcome?.imageId);
    const failed = await build(makeBuilder(), { Dockerfile: 'FROM base:1\nRUN exit 5\n' });
    expect(failed.error).toMatchObject({ code: 'step-failed', detail: { line: 2, exitCode: 5 } });
    const missing = await build(makeBuilder(), { Dockerfile: 'FROM base:1\nCOPY nope /\n' });
    expect(missing.error).toMatchObject({
      code: 'step-failed',
      message: expect.stringContaining('not there to copy'),
    });
  });
});
