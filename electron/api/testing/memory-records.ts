import { Readable } from 'node:stream';
import type { BuildDetail, BuildStep, BuildSummary } from '#shared/contract/builds.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { BuildRecorder, BuildRecords, BuildStart } from '../../engine/ports.ts';

interface Kept {
  detail: BuildDetail;
  logs: Map<number, string>;
}

/** Build records in memory. */
export function createMemoryRecords(): BuildRecords {
  const kept = new Map<string, Kept>();
  const find = (id: string): Kept => {
    const one = kept.get(id);
    if (one === undefined) throw new AppError('not-found', 'That build is not kept any more.');
    return one;
  };
  return {
    begin: async (id, start) => {
      const one = { detail: newDetail(id, start), logs: new Map<number, string>() };
      kept.set(id, one);
      return createRecorder(one);
    },
    list: async ({ projectId }) =>
      [...kept.values()]
        .map(({ detail }): BuildSummary => detail)
        .filter((build) => projectId === undefined || build.projectId === projectId)
        .reverse(),
    get: async (id) => find(id).detail,
    openLog: async (id, step) => {
      const text = find(id).logs.get(step);
      return text === undefined ? null : Readable.from([Buffer.from(text)]);
    },
    log: async (id, step, offset) => {
      const { logs, detail } = find(id);
      const text = logs.get(step) ?? '';
      return { text: text.slice(offset), next: text.length, done: detail.state !== 'running' };
    },
    remove: async (ids) => {
      for (const id of ids) kept.delete(id);
    },
  };
}

function createRecorder({ detail, logs }: Kept): BuildRecorder {
  const steps = new Map<number, BuildStep>();
  const keep = (step: BuildStep): void => {
    steps.set(step.index, step);
    detail.stepList = [...steps.values()];
  };
  return {
    steps: (list) => {
      steps.clear();
      list.forEach(keep);
    },
    step: keep,
    log: (step, text) => void logs.set(step, (logs.get(step) ?? '') + text),
    finish: async (end) => {
      detail.state = end.state;
      detail.error = end.state === 'done' ? null : end.error;
    },
  };
}

function newDetail(id: string, start: BuildStart): BuildDetail {
  return {
    ...start,
    id,
    tags: start.options.tags,
    state: 'running',
    startedAt: 1,
    ms: null,
    steps: 0,
    hits: 0,
    savedMs: 0,
    digest: null,
    imageId: null,
    dockerfile: '',
    stepList: [],
    error: null,
  };
}
