import { existsSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BuildOptions } from '#shared/contract/projects.ts';
import { nameAs, Workshop } from '../../build/testing/workshop.ts';
import { probeSandbox } from '../../sandbox/probe.ts';
import { createSandboxRunner } from './sandbox-runner.ts';
import { dropSteps, stepRecords } from './step-records.ts';

const sandbox = await probeSandbox();
const canRun = sandbox.available && existsSync('/bin/busybox');

const FILES = { Dockerfile: '', 'src/a.txt': 'A\n', 'src/b.txt': 'B\n', 'tool/t.txt': 'T\n' };

interface Case {
  readonly what: string;
  readonly dockerfile: string;
  /** The Dockerfile of the second build, where that is what changes. */
  readonly edited?: string;
  /** Options of both builds. */
  readonly options?: readonly [Partial<BuildOptions>, Partial<BuildOptions>];
  change?(shop: Workshop): Promise<unknown>;
  /** Text with which the step begins that is asked about. */
  readonly step: string;
  readonly kinds: readonly string[];
  readonly says: RegExp;
}

const COPY = 'FROM busybox:1\nCOPY src /src/\n';

const CASES: readonly Case[] = [
  {
    what: 'an instruction that was edited, with both texts',
    dockerfile: 'FROM busybox:1\nRUN echo one > /x\n',
    edited: 'FROM busybox:1\nRUN echo two > /x\n',
    step: 'RUN',
    kinds: ['instruction-changed'],
    says: /“RUN echo one > \/x” became “RUN echo two > \/x”/,
  },
  {
    what: 'a build argument, with both values',
    dockerfile: 'FROM busybox:1\nARG VERSION=1\nRUN echo $VERSION > /x\n',
    options: [{}, { buildArgs: { VERSION: '2' } }],
    step: 'RUN',
    kinds: ['argument-changed'],
    says: /^Build argument VERSION changed: “1” became “2”\.$/,
  },
  {
    what: 'a build argument whose name says that it is a secret, without its values',
    dockerfile: 'FROM busybox:1\nARG API_TOKEN\nRUN echo made > /x\n',
    options: [{ buildArgs: { API_TOKEN: 'hunter1' } }, { buildArgs: { API_TOKEN: 'hunter2' } }],
    step: 'RUN',
    kinds: ['argument-changed'],
    says: /^Build argument API_TOKEN changed \(its value is not kept\)\.$/,
  },
  {
    what: 'an environment variable',
    dockerfile: 'FROM busybox:1\nENV MODE=a\nRUN echo $MODE > /x\n',
    edited: 'FROM busybox:1\nENV MODE=b\nRUN echo $MODE > /x\n',
    step: 'RUN',
    kinds: ['environment-changed'],
    says: /^Environment variable MODE changed: “a” became “b”\.$/,
  },
  {
    what: 'files that changed, came and went',
    dockerfile: COPY,
    change: async (shop) => {
      await shop.write({ 'src/a.txt': 'other\n', 'src/new.txt': 'N\n' });
      await rm(join(shop.context, 'src/b.txt'));
    },
    step: 'COPY',
    kinds: ['files-changed'],
    says: /^src\/a\.txt changed, src\/b\.txt was removed, src\/new\.txt was added\.$/,
  },
  {
    what: 'a file of which only the mode changed',
    dockerfile: COPY,
    change: (shop) => chmod(join(shop.context, 'src/a.txt'), 0o755),
    step: 'COPY',
    kinds: ['files-changed'],
    says: /^src\/a\.txt has another mode\.$/,
  },
  {
    what: 'a base image that moved, with its tag and both digests',
    dockerfile: 'FROM base:1\nRUN true\n',
    change: async (shop) => {
      await shop.write({ Dockerfile: 'FROM busybox:1\nLABEL a=2\n' });
      await nameAs(shop, await shop.build(), 'base:1');
    },
    step: 'FROM',
    kinds: ['base-moved'],
    says: /base:1 moved: sha256:[0-9a-f]{64} became sha256:[0-9a-f]{64}\.$/,
  },
  {
    what: 'the files of another stage',
    dockerfile: 'FROM busybox:1 AS made\nCOPY tool /tool/\nFROM busybox:1\nCOPY --from=made /tool /tool/\n',
    change: (shop) => shop.write({ 'tool/t.txt': 'other\n' }),
    step: 'COPY --from',
    kinds: ['files-changed'],
    says: /tool\/t\.txt changed\.$/,
  },
  {
    what: 'the files that are mounted',
    dockerfile: 'FROM busybox:1\nRUN --mount=target=/in,source=src cat /in/a.txt > /x\n',
    change: (shop) => shop.write({ 'src/a.txt': 'other\n' }),
    step: 'RUN',
    kinds: ['files-changed'],
    says: /^src\/a\.txt changed\.$/,
  },
  {
    what: 'a stage that is mounted as a whole',
    dockerfile:
      'FROM busybox:1 AS made\nCOPY tool /tool/\nFROM busybox:1\nRUN --mount=from=made,target=/in cat /in/tool/t.txt > /x\n',
    change: (shop) => shop.write({ 'tool/t.txt': 'other\n' }),
    step: 'RUN',
    kinds: ['source-changed'],
    says: /^What is mounted at \/in changed\.$/,
  },
  {
    what: 'an earlier step that is rebuilt, by its line',
    dockerfile: `${COPY}RUN cat /src/a.txt > /x\n`,
    change: (shop) => shop.write({ 'src/a.txt': 'other\n' }),
    step: 'RUN',
    kinds: ['parent-rebuilt'],
    says: /\(line 2, COPY src \/src\/\)/,
  },
  {
    what: 'the user',
    dockerfile: 'FROM busybox:1\nUSER root\nRUN true > /x\n',
    edited: 'FROM busybox:1\nUSER 0\nRUN true > /x\n',
    step: 'RUN',
    kinds: ['user-changed'],
    says: /^The user changed: “root” became “0”\.$/,
  },
  {
    what: 'the working directory',
    dockerfile: 'FROM busybox:1\nWORKDIR /\nRUN true > /x\n',
    edited: 'FROM busybox:1\nWORKDIR /bin\nRUN true > /x\n',
    step: 'RUN',
    kinds: ['workdir-changed'],
    says: /^The working directory changed: .+ became “\/bin”\.$/,
  },
  {
    what: 'the shell',
    dockerfile: 'FROM busybox:1\nRUN true > /x\n',
    edited: 'FROM busybox:1\nSHELL ["/bin/sh", "-ec"]\nRUN true > /x\n',
    step: 'RUN',
    kinds: ['shell-changed'],
    says: /^The shell changed: .+ became .*-ec/,
  },
  {
    what: 'the platform',
    dockerfile: 'FROM scratch\nCOPY src /src/\n',
    options: [{ platform: 'linux/amd64' }, { platform: 'linux/arm64' }],
    step: 'FROM',
    kinds: ['platform-changed'],
    says: /^The platform changed: “linux\/amd64” became “linux\/arm64”\.$/,
  },
  {
    what: 'a result that was removed, when and by what',
    dockerfile: COPY,
    change: async (shop) =>
      dropSteps(shop.services, await stepRecords(shop.services), 'a clean-up of the storage'),
    step: 'COPY',
    kinds: ['evicted'],
    says: /removed by a clean-up of the storage on \d{4}-\d\d-\d\d \d\d:\d\d UTC\.$/,
  },
  {
    what: 'the cache that is turned off',
    dockerfile: COPY,
    options: [{}, { noCache: true }],
    step: 'COPY',
    kinds: ['cache-off'],
    says: /turned off/,
  },
];

describe.skipIf(!canRun)('the reasons of a build (needs namespaces and busybox-static)', () => {
  let shop: Workshop;
  beforeEach(async () => {
    shop = await Workshop.open(createSandboxRunner);
    await shop.addBusybox('busybox:1');
    await shop.write({ ...FILES, Dockerfile: 'FROM busybox:1\nLABEL a=1\n' });
    await nameAs(shop, await shop.build(), 'base:1');
  });
  afterEach(() => shop.close());

  it.each(CASES)('name $what, in the prediction as in the build', async (given) => {
    const { dockerfile, edited = dockerfile, options = [{}, {}] } = given;
    await shop.write({ Dockerfile: dockerfile });
    await shop.build(options[0]);
    await given.change?.(shop);
    await shop.write({ Dockerfile: edited });
    const predicted = await shop.predict(options[1]);
    const built = await shop.build(options[1]);
    const step = built.steps.find(({ instruction }) => instruction.startsWith(given.step));
    expect(step?.status).toBe('miss');
    expect(step?.reasons.map(({ kind }) => kind)).toEqual(given.kinds);
    expect(step?.reasons[0]?.detail).toMatch(given.says);
    expect(JSON.stringify([predicted, built.steps])).not.toContain('hunter');
    const foreseen = predicted.find(({ instruction }) => instruction.startsWith(given.step));
    // What another stage will give is not known before it is built; then that is what the prediction says.
    const isOpen = foreseen?.reasons[0]?.detail.includes('will be rebuilt') === true;
    if (isOpen) expect(foreseen?.reasons[0]?.detail).toContain('Stage made');
    // A folder that WORKDIR may have to make could move what follows: a prediction says so as well.
    else expect(foreseen?.reasons).toEqual(expect.arrayContaining([...(step?.reasons ?? [])]));
  });

  it('say of the first build that there was none before', async () => {
    await shop.write({ Dockerfile: `${COPY}RUN true\n` });
    const { steps } = await shop.build();
    expect(steps.map(({ reasons }) => reasons.map(({ kind }) => kind))).toEqual([
      // The base was begun from before.
      [],
      ['no-earlier-build'],
      ['no-earlier-build'],
    ]);
  });

  it('do not come from secrets and cache mounts, which the step names as not counted', async () => {
    await shop.write({
      'key.txt': 'one',
      Dockerfile:
        'FROM busybox:1\nRUN --mount=type=secret,id=key --mount=type=cache,target=/c cat /run/secrets/key >> /c/log && cp /c/log /log\n',
    });
    const options = { secrets: [{ id: 'key', file: join(shop.context, 'key.txt') }] };
    await shop.build(options);
    await shop.write({ 'key.txt': 'two' });
    const [, predicted] = await shop.predict(options);
    const [, step] = (await shop.build(options)).steps;
    expect(predicted).toMatchObject({ predicted: 'hit', uncounted: ['secret key', 'cache /c'] });
    expect(step).toMatchObject({ status: 'hit', reasons: [], uncounted: ['secret key', 'cache /c'] });
  });
});
