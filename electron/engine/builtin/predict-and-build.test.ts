import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Workshop } from '../../build/testing/workshop.ts';
import { probeSandbox } from '../../sandbox/probe.ts';
import { createSandboxRunner } from './sandbox-runner.ts';

const BUSYBOX = '/bin/busybox';
const sandbox = await probeSandbox();
const canRun = sandbox.available && existsSync(BUSYBOX);

const BASE = `FROM scratch AS base
COPY busybox /bin/busybox
COPY busybox /bin/sh
`;

/** The same series of edits on every run. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
}

describe.skipIf(!canRun)('a prediction (needs namespaces and busybox-static)', () => {
  let shop: Workshop;
  beforeEach(async () => {
    shop = await Workshop.open(createSandboxRunner);
    await copyFile(BUSYBOX, join(shop.context, 'busybox'));
    await chmod(join(shop.context, 'busybox'), 0o755);
  });
  afterEach(() => shop.close());

  it('agrees with the outcome over a long series of edits', async () => {
    const random = randomNumbers(20);
    let project = { message: 'one', label: 'x', version: '1', exclude: '' };
    const set = (change: Partial<typeof project>): undefined => {
      project = { ...project, ...change };
    };
    const files = ['src/a.txt', 'src/b.txt', 'lib/c.txt'];
    const write = () =>
      shop.write({
        '.dockerignore': project.exclude,
        Dockerfile: `${BASE}FROM base AS compiled
ARG VERSION=0
COPY lib /lib/
RUN echo ${project.message} $VERSION > /made.txt
FROM base
LABEL l=${project.label}
COPY --from=compiled /made.txt /made.txt
COPY src /src
WORKDIR /src
RUN cat a.txt /made.txt > all.txt
CMD ["sh"]
`,
      });
    const edits: (() => Promise<unknown> | undefined)[] = [
      () => shop.write({ [files[random(3)] ?? '']: `text ${random(5)}\n` }),
      () => shop.write({ [`src/new${random(3)}.txt`]: 'new' }),
      () => rm(join(shop.context, `src/new${random(3)}.txt`), { force: true }),
      () => chmod(join(shop.context, files[random(3)] ?? ''), random(2) === 0 ? 0o644 : 0o755),
      () => set({ message: `text${random(4)}` }),
      () => set({ label: `label${random(3)}` }),
      () => set({ version: String(random(3)) }),
      () => set({ exclude: random(2) === 0 ? 'src/new*\n' : '' }),
      () => undefined,
    ];
    await mkdir(join(shop.context, 'src'));
    for (const file of files) await shop.write({ [file]: 'text\n' });
    const seen = { hit: 0, miss: 0 };
    for (let round = 0; round < 40; round += 1) {
      await edits[random(edits.length)]?.();
      await write();
      const options = { buildArgs: { VERSION: project.version } };
      const predicted = await shop.predict(options);
      const built = await shop.build(options);
      // What a rebuilt stage gives is known afterwards only: the same files are taken from the cache after all.
      let waitsForStage = false;
      for (const [i, step] of built.steps.entries()) {
        const foreseen = predicted[i];
        const kinds = foreseen?.reasons.map((reason) => reason.kind) ?? [];
        waitsForStage ||= kinds.includes('source-changed');
        const status = step.status === 'hit' ? 'hit' : 'miss';
        seen[status] += 1;
        const told = { round, step: step.instruction, predicted: foreseen?.predicted };
        if (waitsForStage && status === 'hit') continue;
        expect(told).toEqual({ round, step: step.instruction, predicted: status });
        if (!waitsForStage) expect(kinds).toEqual(step.reasons.map((reason) => reason.kind));
      }
    }
    expect(Math.min(seen.hit, seen.miss)).toBeGreaterThan(30);
  }, 120_000);

  it('runs commands with what the Dockerfile set, and tells output, exit code and line of a failure', async () => {
    await shop.write({
      Dockerfile: `${BASE}ENV A=1\nARG B=2\nWORKDIR /w\nUSER 7:8\nRUN echo "$A $B $(busybox pwd) $(busybox id -u):$(busybox id -g)"\n`,
    });
    expect((await shop.build()).log).toContain('1 2 /w 7:8');
    await shop.write({ Dockerfile: `${BASE}RUN echo before; exit 7\n` });
    await expect(shop.build()).rejects.toMatchObject({
      code: 'step-failed',
      detail: { kind: 'step', line: 4, exitCode: 7 },
    });
  });
});
