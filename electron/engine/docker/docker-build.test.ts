import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BuildEvent, Engine } from '../engine.ts';
import { findBusybox, importBase, makeBusyboxTar } from '../testing/busybox-base.ts';
import { run, waitUntil } from '../testing/processes.ts';
import { findDockerd, startDockerd, type TestDockerd } from '../testing/start-dockerd.ts';
import { foldEvents, makeProject, removeFolders, stepLines, watchBuild } from '../testing/watch-build.ts';
import { createDockerEngine } from './create-docker-engine.ts';

const isHere = (await findDockerd()) !== null && (await findBusybox()) !== null;

describe.skipIf(!isHere)('building on a real Docker engine (root, docker.io, busybox-static)', () => {
  let dockerd: TestDockerd;
  let engine: Engine;
  const folders: string[] = [];
  const project = async (files: Record<string, string>) => {
    const folder = await makeProject(files);
    folders.push(folder);
    return folder;
  };
  const docker = (...args: string[]) => run('/usr/bin/docker', ['-H', dockerd.host, ...args]);
  const fails = async (files: Record<string, string>, options = {}) => {
    const events: BuildEvent[] = [];
    const folder = await project(files);
    const building = watchBuild(engine, folder, options, { onEvent: (event) => events.push(event) });
    const error = await building.then(
      () => null,
      (reason: unknown) => reason,
    );
    return { error, ...foldEvents(events) };
  };

  beforeAll(async () => {
    dockerd = await startDockerd({ network: true });
    engine = createDockerEngine({ host: dockerd.host, env: {}, homePath: dockerd.folder });
    await importBase(dockerd.socketPath, 'base:1', await makeBusyboxTar());
  }, 120_000);
  afterEach(() => removeFolders(folders.splice(0)));
  afterAll(async () => {
    await engine?.close();
    await dockerd?.remove();
  }, 60_000);

  const TWO_STAGES = [
    'ARG NAME=base',
    'FROM $NAME:1 AS build',
    'ENV GREETING=hello',
    'RUN echo $GREETING; echo problem >&2',
    'WORKDIR /app',
    'COPY src ./src',
    'FROM base:1 AS unused',
    'RUN exit 9',
    'FROM base:1',
    'COPY --from=build /app/src/a.txt /a.txt',
    'LABEL kind=test',
    'CMD ["cat", "/a.txt"]',
  ].join('\n');

  it('tells the steps with their lines, output, hits and sizes, and makes an image that runs', async () => {
    const folder = await project({ Dockerfile: TWO_STAGES, 'src/a.txt': 'content of a' });
    const first = await watchBuild(engine, folder, { tags: ['strata-test/two:1', 'strata-test/two'] });
    expect(stepLines(first.steps)).toEqual([
      '2 FROM $NAME:1 AS build hit',
      '3 ENV GREETING=hello hit',
      '4 RUN echo $GREETING; echo problem >&2 miss',
      '5 WORKDIR /app miss',
      '6 COPY src ./src miss',
      '9 FROM base:1 hit',
      '10 COPY --from=build /app/src/a.txt /a.txt miss',
      '11 LABEL kind=test miss',
      '12 CMD ["cat", "/a.txt"] miss',
    ]);
    expect(first.logs.get(2)).toContain('hello\n');
    expect(first.logs.get(2)).toContain('problem\n');
    expect(first.steps[2]?.reasons[0]?.kind).toBe('engine-unknown');
    expect(first.steps[3]?.reasons).toEqual([
      {
        kind: 'parent-rebuilt',
        detail: 'An earlier step is rebuilt (line 4, RUN echo $GREETING; echo problem >&2).',
      },
    ]);
    expect(first.steps[6]?.size).toBe('content of a'.length);
    expect(first.outcome.tags).toEqual(['strata-test/two:1', 'strata-test/two:latest']);
    expect(await docker('run', '--rm', 'strata-test/two:1')).toBe('content of a');

    const second = await watchBuild(engine, folder, { tags: ['strata-test/two:1'] });
    expect(second.steps.map(({ status }) => status)).toEqual(first.steps.map(() => 'hit'));
    expect(second.outcome.imageId).toBe(first.outcome.imageId);

    await writeFile(path.join(folder, 'src', 'a.txt'), 'other');
    const third = await watchBuild(engine, folder, { tags: ['strata-test/two:1'] });
    expect(stepLines(third.steps).filter((line) => line.endsWith(' miss'))).toEqual([
      '6 COPY src ./src miss',
      '10 COPY --from=build /app/src/a.txt /a.txt miss',
      '11 LABEL kind=test miss',
      '12 CMD ["cat", "/a.txt"] miss',
    ]);
    expect(await docker('run', '--rm', 'strata-test/two:1')).toBe('other');
  });

  it('builds the wanted stage only, with arguments, and without the cache when asked', async () => {
    const folder = await project({
      Dockerfile: 'FROM base:1 AS one\nARG WHO=nobody\nRUN echo I am $WHO\nFROM one AS two\nRUN false\n',
    });
    const options = { target: 'one', buildArgs: { WHO: 'strata' }, tags: ['strata-test/target:1'] };
    const first = await watchBuild(engine, folder, options);
    expect(first.steps).toHaveLength(3);
    expect(first.logs.get(2)).toBe('I am strata\n');
    const again = await watchBuild(engine, folder, { ...options, noCache: true });
    expect(again.steps[2]).toMatchObject({ status: 'miss', reasons: [{ kind: 'cache-off' }] });
  });

  it('leaves out what the ignore file names, the Dockerfile itself too', async () => {
    const folder = await project({
      Dockerfile: 'FROM base:1\nCOPY . /all/\nRUN ls -A /all\n',
      '.dockerignore': 'Dockerfile\n*.log\n!keep.log\nnode_modules\n',
      'a.txt': '',
      'b.log': '',
      'keep.log': '',
      'node_modules/x/index.js': '',
    });
    const { logs } = await watchBuild(engine, folder);
    expect((logs.get(2) ?? '').trim().split('\n').sort()).toEqual(['.dockerignore', 'a.txt', 'keep.log']);
  });

  it('uses a Dockerfile outside of the context and the ignore file beside it', async () => {
    const context = await project({ 'a.txt': '', 'b.txt': '' });
    const elsewhere = await project({
      'my.Dockerfile': 'FROM base:1\nCOPY . /all/\nRUN ls -A /all\n',
      'my.Dockerfile.dockerignore': 'b.txt\n',
    });
    const { logs } = await watchBuild(engine, context, { dockerfile: path.join(elsewhere, 'my.Dockerfile') });
    expect(logs.get(2)).toBe('a.txt\n');
  });

  it('keeps modes, links and empty folders, and sends large files whole', async () => {
    const folder = await project({
      Dockerfile: 'FROM base:1\nCOPY . /all/\nRUN cd /all && stat -c "%n %a %F" * && wc -c big\n',
      'empty/': '',
      'run.sh': '#!/bin/sh\n',
      big: 'x'.repeat(700_001),
    });
    await run('chmod', ['755', path.join(folder, 'run.sh')]);
    await run('ln', ['-s', 'run.sh', path.join(folder, 'link')]);
    const log = (await watchBuild(engine, folder)).logs.get(2) ?? '';
    expect(log).toContain('run.sh 755 regular file');
    expect(log).toContain('link 777 symbolic link');
    expect(log).toContain('empty 755 directory');
    expect(log).toContain('700001 big');
  });

  it('runs the triggers of the base under its FROM', async () => {
    const base = await project({
      Dockerfile: 'FROM base:1\nONBUILD RUN echo triggered\nONBUILD COPY a.txt /\n',
    });
    await watchBuild(engine, base, { tags: ['onbuild:1'] });
    const folder = await project({
      Dockerfile: 'FROM onbuild:1\nWORKDIR /w\nRUN cat /a.txt\n',
      'a.txt': 'of the child\n',
    });
    const { logs, steps } = await watchBuild(engine, folder);
    expect(logs.get(0)).toBe('triggered\n');
    expect(logs.get(2)).toBe('of the child\n');
    expect(steps.map(({ instruction }) => instruction)).toEqual([
      'FROM onbuild:1',
      'WORKDIR /w',
      'RUN cat /a.txt',
    ]);
  });

  it('runs independent stages that share a base', async () => {
    const folder = await project({
      Dockerfile:
        'FROM base:1 AS a\nRUN echo a > /a\nFROM base:1 AS b\nRUN echo b > /b\nFROM scratch\nCOPY --from=a /a /\nCOPY --from=b /b /\n',
    });
    const { steps } = await watchBuild(engine, folder);
    expect(steps.map(({ stage, status }) => `${stage} ${status}`)).toEqual([
      'a hit',
      'a miss',
      'b hit',
      'b miss',
      '2 hit',
      '2 miss',
      '2 miss',
    ]);
  });

  it.each([
    [
      'a command that fails',
      'FROM base:1\nRUN echo before; exit 3\nRUN echo never\n',
      { code: 'step-failed', detail: { kind: 'step', line: 2, exitCode: 3 } },
      ['1 FROM base:1 hit', '2 RUN echo before; exit 3 failed', '3 RUN echo never waiting'],
    ],
    [
      'a command that is missing',
      'FROM base:1\nRUN nosuchcommand\n',
      { code: 'step-failed', hint: expect.stringContaining('not found'), detail: { exitCode: 127 } },
      ['1 FROM base:1 hit', '2 RUN nosuchcommand failed'],
    ],
    [
      'a missing source',
      'FROM base:1\nCOPY nowhere.txt /\n',
      { code: 'step-failed', message: expect.stringContaining('nowhere.txt'), detail: { line: 2 } },
      ['1 FROM base:1 hit', '2 COPY nowhere.txt / failed'],
    ],
  ])('explains %s', async (_, dockerfile, expected, lines) => {
    const { error, steps } = await fails({ Dockerfile: dockerfile });
    expect(error).toMatchObject(expected);
    expect(stepLines(steps)).toEqual(lines);
  });

  it.each([
    ['a syntax error', { Dockerfile: 'FROM base:1\nRUNN x\n' }, {}, 'dockerfile-invalid'],
    ['no Dockerfile', { 'a.txt': '' }, {}, 'not-found'],
    ['an unknown stage', { Dockerfile: 'FROM base:1\n' }, { target: 'nope' }, 'invalid-input'],
    ['a bad tag', { Dockerfile: 'FROM base:1\n' }, { tags: ['Not A Tag'] }, 'invalid-input'],
    [
      'a registry that does not answer',
      { Dockerfile: 'FROM 127.0.0.1:1/no/base:1\n' },
      {},
      'registry-unreachable',
    ],
  ])('refuses %s', async (_, files, options, code) => {
    expect((await fails(files, options)).error).toMatchObject({ code });
  });

  it('stops the build when it is cancelled', async () => {
    const folder = await project({ Dockerfile: 'FROM base:1\nRUN echo begun; sleep 31713\n' });
    const ending = new AbortController();
    const events: BuildEvent[] = [];
    const building = watchBuild(
      engine,
      folder,
      {},
      {
        signal: ending.signal,
        onEvent: (event) => {
          events.push(event);
          if (event.type === 'log' && event.text.includes('begun')) ending.abort();
        },
      },
    );
    await expect(building).rejects.toMatchObject({ code: 'cancelled' });
    expect(foldEvents(events).steps.map(({ status }) => status)).toEqual(['hit', 'cancelled']);
    await rm(folder, { recursive: true });
    const isGone = async () => !(await run('ps', ['-ef'])).includes('sleep 31713');
    await waitUntil('the end of the command', isGone, { timeoutMs: 20_000 });
  });
});
