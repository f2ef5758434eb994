import { open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildDetail, BuildStep } from '#shared/contract/builds.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { hideCredentialsIn } from '#shared/format/hide-credentials.ts';
import { summarizeBuild } from '../../insight/summarize-build.ts';
import { readFileIfThere, readJsonIfThere, writeFileAtomic } from '../../platform/atomic-file.ts';
import { isMissing } from '../../platform/file-errors.ts';
import { isProcessAlive, processIdentity } from '../../platform/process-identity.ts';
import type { BuildRecorder, BuildRecords, BuildStart } from '../ports.ts';
import { DEFAULT_RETENTION, expiredRecords, type RecordRetention } from './record-retention.ts';
import { StepLogs } from './step-logs.ts';

/** Text handed out at once, in UTF-16 units. */
const LOG_PAGE = 256 * 1024;
/** When so many more builds have ended, expired records are looked for: that reads all of them. */
const SWEEP_EVERY = 20;

/** A record as it lies on disk: with the process that writes it, while it runs. */
type StoredBuild = BuildDetail & { readonly owner: string };

/**
 * The builds folder: `<id>/record.json` and `<id>/steps/<n>.log`, nothing of a log is ever cut. `retention` is asked
 * whenever records may have expired.
 */
export function createBuildRecords(
  folder: string,
  retention: () => Promise<RecordRetention> = async () => DEFAULT_RETENTION,
): BuildRecords {
  /** All records that are kept, newest first; expired ones are removed. */
  const sweep = async (): Promise<BuildDetail[]> => {
    const all = await Promise.all((await idsIn(folder)).map((id) => readRecord(folder, id)));
    const records = all.filter((record) => record !== null).sort((a, b) => b.startedAt - a.startedAt);
    const expired = new Set(expiredRecords(records, await retention(), Date.now()));
    for (const id of expired) await rm(join(folder, id), { recursive: true, force: true });
    return records.filter(({ id }) => !expired.has(id));
  };
  const ended = async (): Promise<void> => {
    if ((await idsIn(folder)).length % SWEEP_EVERY === 0) await sweep();
  };
  const read = async (id: string): Promise<BuildDetail> => {
    const record = isRecordId(id) ? await readRecord(folder, id) : null;
    if (record === null) throw new AppError('not-found', `There is no record of the build ${id}.`);
    return record;
  };
  return {
    begin: async (id, start) => {
      const recorder = new FileRecorder(
        folder,
        id,
        start,
        start.dockerfile ?? (await readDockerfile(start)),
        ended,
      );
      await recorder.save();
      return recorder;
    },
    list: async ({ projectId }) =>
      (await sweep())
        .filter((record) => projectId === undefined || record.projectId === projectId)
        .map(summarizeBuild),
    get: read,
    openLog: async (id, step) => {
      await read(id);
      const file = await open(logPath(folder, id, step)).catch((error) => {
        if (isMissing(error)) return null;
        throw error;
      });
      return file?.createReadStream() ?? null;
    },
    log: async (id, step, offset) => {
      const { state, stepList } = await read(id);
      const bytes = await readFileIfThere(logPath(folder, id, step));
      const text = (bytes?.toString('utf8') ?? '').slice(offset, offset + LOG_PAGE);
      const status = stepList.find(({ index }) => index === step)?.status;
      const going = status === undefined || status === 'running' || status === 'waiting';
      const ended = state !== 'running' || !going;
      return { text, next: offset + text.length, done: ended && text.length < LOG_PAGE };
    },
    remove: async (ids) => {
      for (const id of ids) if (isRecordId(id)) await rm(join(folder, id), { recursive: true, force: true });
    },
  };
}

function isRecordId(id: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,80}$/.test(id);
}

function logPath(folder: string, id: string, step: number): string {
  return join(folder, id, 'steps', `${step}.log`);
}

async function idsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error) => {
    if (isMissing(error)) return [];
    throw error;
  });
  return names.filter(isRecordId);
}

async function readRecord(folder: string, id: string): Promise<BuildDetail | null> {
  const stored = (await readJsonIfThere(join(folder, id, 'record.json'))) as StoredBuild | null;
  if (stored === null || stored.id !== id || !Array.isArray(stored.stepList)) return null;
  const { owner, ...record } = stored;
  if (record.state !== 'running' || isProcessAlive(owner)) return record;
  return {
    ...record,
    state: 'cancelled',
    error: { code: 'cancelled', message: 'The process that built it ended before it was done.' },
  };
}

async function readDockerfile({ contextPath, options }: BuildStart): Promise<string> {
  const path = join(contextPath, options.dockerfile ?? 'Dockerfile');
  // A pipe is read once, and by the build.
  const isFile = (await stat(path).catch(() => null))?.isFile() === true;
  return isFile ? readFile(path, 'utf8').catch(() => '') : '';
}

/** Keeps one build in its folder. Steps are held in memory; the file is written when it begins and when it ends. */
class FileRecorder implements BuildRecorder {
  readonly #folder: string;
  readonly #id: string;
  readonly #start: BuildStart;
  readonly #dockerfile: string;
  readonly #startedAt = Date.now();
  readonly #steps = new Map<number, BuildStep>();
  readonly #logs: StepLogs;
  readonly #onEnded: () => Promise<void>;

  constructor(
    folder: string,
    id: string,
    start: BuildStart,
    dockerfile: string,
    onEnded: () => Promise<void>,
  ) {
    this.#onEnded = onEnded;
    this.#folder = folder;
    this.#id = id;
    this.#start = start;
    this.#dockerfile = dockerfile;
    this.#logs = new StepLogs(join(folder, id, 'steps'));
  }

  steps(steps: readonly BuildStep[]): void {
    for (const step of steps) this.#steps.set(step.index, step);
  }

  step(step: BuildStep): void {
    this.#steps.set(step.index, step);
  }

  log(step: number, text: string): void {
    this.#logs.append(step, text);
  }

  async finish(end: Parameters<BuildRecorder['finish']>[0]): Promise<void> {
    await this.#logs.close();
    const ms = Date.now() - this.#startedAt;
    if (end.state === 'done') {
      const { digest, imageId, steps, platforms } = end.outcome;
      this.steps(steps);
      const listed = platforms === undefined ? {} : { platforms: [...platforms] };
      await this.#write({ state: 'done', ms, digest, imageId, ...listed });
    } else await this.#write({ state: end.state, ms, error: end.error });
    await this.#onEnded();
  }

  save(): Promise<void> {
    return this.#write({ state: 'running' });
  }

  async #write(change: Partial<BuildDetail> & Pick<BuildDetail, 'state'>): Promise<void> {
    const { operationId, projectId, name, contextPath, engine, options } = this.#start;
    const stepList = [...this.#steps.values()].sort((a, b) => a.index - b.index);
    const record: StoredBuild = {
      id: this.#id,
      projectId,
      name,
      contextPath,
      engine,
      tags: options.tags,
      startedAt: this.#startedAt,
      ms: null,
      steps: stepList.length,
      hits: stepList.filter((step) => step.status === 'hit').length,
      savedMs: stepList.reduce((sum, step) => sum + (step.savedMs ?? 0), 0),
      digest: null,
      imageId: null,
      dockerfile: this.#dockerfile,
      options,
      stepList,
      error: null,
      operationId: change.state === 'running' ? operationId : null,
      ...change,
      owner: processIdentity(),
    };
    const text = JSON.stringify(hideCredentialsIn(record));
    await writeFileAtomic(join(this.#folder, this.#id, 'record.json'), text, { sync: false });
  }
}
