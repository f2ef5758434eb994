import type { StrataClient } from '#renderer/client/client.ts';
import type { BuildDetail, BuildStep } from '#shared/contract/builds.ts';
import type { VerifyReport } from '#shared/contract/verify.ts';
import { shortenCommand } from '#shared/format/shorten.ts';
import { failWith } from './fail-with.ts';
import { fakeImageDetail } from './fake-images.ts';
import type { FakeOperation, FakeOperations } from './fake-operations.ts';
import { WEB_DOCKERFILE, WEB_LOGS, WEB_STEPS } from './fake-sources.ts';

const MINUTE = 60_000;
const DIGEST = `sha256:9c1f${'3b'.repeat(28)}e07a`;
const IMAGE_ID = `sha256:51ab${'7d'.repeat(28)}90d2`;

/** A build record as the fake host keeps it. */
export function fakeBuild(id: string, more: Partial<BuildDetail> = {}): BuildDetail {
  const stepList = more.stepList ?? [...WEB_STEPS];
  const options = {
    tags: ['acme/web:1.4.3', 'acme/web:1.4'],
    buildArgs: {},
    noCache: false,
    engine: 'builtin',
  };
  return {
    id,
    projectId: 'web',
    name: 'web',
    contextPath: '/home/ada/code/web',
    engine: 'builtin',
    tags: options.tags,
    state: 'done',
    startedAt: Date.now() - 2 * MINUTE,
    ms: 13_200,
    steps: stepList.length,
    hits: stepList.filter((step) => step.status === 'hit').length,
    savedMs: 48_300,
    digest: DIGEST,
    imageId: IMAGE_ID,
    dockerfile: WEB_DOCKERFILE,
    options,
    stepList,
    error: null,
    operationId: null,
    ...more,
  };
}

/** The steps of a build that failed at `line`. */
export function failedSteps(line: number): BuildStep[] {
  return WEB_STEPS.map((step) => {
    if (step.line < line) return step;
    if (step.line === line) return { ...step, status: 'failed', exitCode: 2, ms: 1_840, size: 0 };
    return { ...step, status: step.status === 'hit' ? 'hit' : 'cancelled', ms: 0, size: 0 };
  });
}

/** The steps with the layers of the invented image, as far as they are alike. */
function webSteps(): BuildStep[] {
  const layers = fakeImageDetail('acme/web:1.4.2')?.layers ?? [];
  return WEB_STEPS.map((step) => {
    const layer = layers.find((one) => shortenCommand(one.createdBy) === step.instruction);
    return layer === undefined ? step : { ...step, layer: layer.digest };
  });
}

/** A history of builds: done, failed, cancelled. */
export function sampleBuilds(now: number): BuildDetail[] {
  const failed = {
    state: 'failed' as const,
    digest: null,
    imageId: null,
    savedMs: 0,
    stepList: failedSteps(10),
    error: {
      code: 'step-failed' as const,
      message: 'Line 10, RUN npm run build && npm prune --omit=dev, ended with exit code 2.',
      hint: 'Read the end of its log. Everything before it stays in the cache.',
      detail: {
        kind: 'step' as const,
        line: 10,
        instruction: 'RUN npm run build',
        exitCode: 2,
        signal: null,
      },
    },
  };
  return [
    fakeBuild('b-web', {
      digest: fakeImageDetail('acme/web:1.4.2')?.manifestDigest ?? null,
      stepList: webSteps(),
    }),
    fakeBuild('b-fail', { startedAt: now - 9 * MINUTE, ms: 4_100, ...failed }),
    fakeBuild('b-worker', {
      ...failed,
      projectId: 'worker',
      name: 'worker',
      tags: ['acme/worker:0.9.0'],
      startedAt: now - 26 * 60 * MINUTE,
      ms: 4_100,
    }),
    fakeBuild('b-stop', {
      state: 'cancelled',
      digest: null,
      imageId: null,
      startedAt: now - 27 * 60 * MINUTE,
      ms: 2_300,
      savedMs: 0,
    }),
    fakeBuild('b-docker', {
      engine: 'docker',
      startedAt: now - 50 * 60 * MINUTE,
      ms: 61_000,
      savedMs: 0,
      hits: 0,
    }),
    ...Array.from({ length: 40 }, (_, index) =>
      fakeBuild(`b-${index}`, {
        startedAt: now - (60 + index * 7) * 60 * MINUTE,
        ms: 8_000 + ((index * 977) % 9_000),
        savedMs: 20_000 + index * 800,
      }),
    ),
  ];
}

/** The builds of a fake host. */
export interface FakeBuilds {
  readonly client: StrataClient['builds'];
  readonly records: BuildDetail[];
}

/** Makes builds that run by themselves: `pace` is how long a second of a step takes, in milliseconds. */
export function createFakeBuilds(
  operations: FakeOperations,
  options: { readonly records?: BuildDetail[]; readonly pace?: number; onChange?(): void } = {},
): FakeBuilds {
  const records = options.records ?? sampleBuilds(Date.now());
  const logs = new Map<string, string>();
  const pace = options.pace ?? 400;
  let last = 0;
  const find = (id: string): BuildDetail => {
    const record = records.find((item) => item.id === id);
    if (record === undefined)
      throw failWith({ code: 'not-found', message: `The build ${id} is not kept any more.` });
    return record;
  };
  const replace = (record: BuildDetail): void => {
    records[records.indexOf(find(record.id))] = record;
    options.onChange?.();
  };

  return {
    records,
    client: {
      start: async ({ projectId }) => {
        const id = `run-${++last}`;
        const operation = operations.begin('build', `Build ${projectId}`, id);
        const waiting = WEB_STEPS.map((step): BuildStep => ({ ...step, status: 'waiting', ms: 0, size: 0 }));
        const record = fakeBuild(id, {
          projectId,
          name: projectId,
          state: 'running',
          startedAt: Date.now(),
          ms: null,
          savedMs: 0,
          digest: null,
          imageId: null,
          stepList: waiting,
          operationId: operation.id,
        });
        records.unshift(record);
        options.onChange?.();
        void run(operation, record, pace, logs, replace);
        return { operationId: operation.id, buildId: id };
      },
      verify: async ({ projectId, options: { reproducible = false } }) =>
        operations.start({
          kind: 'verify',
          title: `Verify ${projectId}`,
          blobs: [],
          result: { kind: 'verify', report: fakeReport(reproducible) },
        }),
      list: async ({ projectId }) =>
        records.filter((item) => projectId === undefined || item.projectId === projectId),
      get: async ({ id }) => find(id),
      log: async ({ id, step, offset = 0 }) => {
        const { state, stepList } = find(id);
        const line = stepList[step]?.line ?? 0;
        const isQuiet = stepList[step]?.status === 'hit';
        const text =
          logs.get(`${id}/${step}`) ?? (isQuiet || state === 'running' ? '' : (WEB_LOGS[line] ?? ''));
        return { text: text.slice(offset), next: text.length, done: state !== 'running' };
      },
      compare: async ({ before, after }) => {
        const [one, two] = [find(before), find(after)];
        const sameImage = one.digest === two.digest;
        return { before: one, after: two, sameImage, sameDockerfile: true, options: [], steps: [] };
      },
      trace: async ({ id }) => ({ path: null, url: `/download/trace-${find(id).id}` }),
      saveLog: async ({ id }) => ({ path: null, url: `/download/log-${find(id).id}` }),
      remove: async ({ ids }) => {
        for (const id of ids) records.splice(records.indexOf(find(id)), 1);
        options.onChange?.();
        return {};
      },
    },
  };
}

/** Two builds that differ in times alone, and in nothing when they are reproducible. */
function fakeReport(reproducible: boolean): VerifyReport {
  const file = {
    path: 'app/dist/main.js',
    kinds: ['time'],
    detail: 'time 2026-01-01 10:00:00, then 2026-01-01 10:00:09',
    cause: null,
  };
  return {
    equal: reproducible,
    reproducible,
    digests: reproducible ? [DIGEST, DIGEST] : [DIGEST, IMAGE_ID],
    steps: reproducible ? [] : [{ createdBy: 'RUN npm run build', fileCount: 1, files: [file] }],
    config: [],
    onlyTimes: !reproducible,
  };
}

async function run(
  operation: FakeOperation,
  record: BuildDetail,
  pace: number,
  logs: Map<string, string>,
  replace: (record: BuildDetail) => void,
): Promise<void> {
  const started = Date.now();
  const steps: BuildStep[] = [...record.stepList];
  for (const step of steps) operation.step(step);
  for (const [index, wanted] of WEB_STEPS.entries()) {
    operation.change({ progress: { done: index, total: steps.length, unit: 'steps' } });
    if (!operation.isRunning()) break;
    if (wanted.status === 'miss') {
      operation.step({ ...wanted, status: 'running', ms: 0, size: 0 });
      await write(operation, index, WEB_LOGS[wanted.line] ?? '', (wanted.ms / 1000) * pace, (text) =>
        logs.set(`${record.id}/${index}`, text),
      );
    }
    steps[index] = !operation.isRunning() ? { ...wanted, status: 'cancelled' } : wanted;
    operation.step(steps[index]);
  }
  const state = !operation.isRunning() ? 'cancelled' : 'done';
  const made = state === 'done' ? { digest: DIGEST, imageId: IMAGE_ID } : { digest: null, imageId: null };
  const ended: BuildDetail = {
    ...record,
    ...made,
    state,
    stepList: steps,
    ms: Date.now() - started,
    savedMs: 48_300,
  };
  replace(ended);
  operation.change({
    endedAt: Date.now(),
    state,
    result:
      state === 'done'
        ? { kind: 'build', buildId: record.id, digest: DIGEST, imageId: IMAGE_ID, tags: record.tags }
        : null,
  });
}

async function write(
  operation: FakeOperation,
  step: number,
  log: string,
  ms: number,
  keep: (text: string) => void,
): Promise<void> {
  const pieces = log === '' ? [''] : log.split(/(?<=\n)/);
  let offset = 0;
  for (const piece of pieces) {
    await new Promise((resolve) => setTimeout(resolve, ms / pieces.length));
    if (!operation.isRunning()) return;
    if (piece !== '') operation.log(step, offset, piece);
    offset += piece.length;
    keep(log.slice(0, offset));
  }
}
