import { toErrorView } from '#renderer/client/failure.ts';
import type { BuildDetail, TraceFormat } from '#shared/contract/builds.ts';
import type { ErrorView } from '#shared/contract/common.ts';
import { createLoader, type Loader, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** What was asked for of one step's log: always from its beginning. */
export interface AskedLog {
  readonly text: string;
  readonly state: 'loading' | 'part' | 'complete' | 'failed';
  readonly error: ErrorView | null;
}

/** Records of builds with everything: their steps, and the logs that were looked at. */
export interface RecordsSlice {
  /** By build id. */
  readonly byId: Readonly<Record<string, Remote<BuildDetail>>>;
  /** By {@link logKey}. */
  readonly logs: Readonly<Record<string, AskedLog>>;
  /** Asks for a record, again when it is here already, and joins its operation when it runs. */
  load(id: string): Promise<void>;
  /** Asks for what is missing of a step's log up to now; harmless when it is complete or being asked for. */
  loadLog(id: string, step: number): Promise<void>;
  /** Asks the host for a file with the log of a step, of all steps where `step` is null; rejects with its refusal. */
  saveLog(id: string, step: number | null): Promise<SavedFile>;
  /** Asks the host for a file with a build's trace; rejects with its refusal. */
  saveTrace(id: string, format: TraceFormat): Promise<SavedFile>;
  /** Forgets records that were removed. */
  forget(ids: readonly string[]): void;
}

/** Where the host put a file: a path, or an address that works once; both null when it was cancelled. */
export interface SavedFile {
  readonly path: string | null;
  readonly url: string | null;
}

/** Where the log of one step is kept in {@link RecordsSlice.logs}. */
export function logKey(buildId: string, step: number): string {
  return `${buildId}/${step}`;
}

/** Makes the records slice. */
export const createRecordsSlice: SliceCreator<RecordsSlice> = (tools) => {
  const loaders = new Map<string, Loader>();
  const loaderOf = (id: string): Loader => {
    const loader = loaders.get(id) ?? createLoader();
    loaders.set(id, loader);
    return loader;
  };
  const putLog = (key: string, log: AskedLog): void =>
    tools.set({ logs: { ...tools.own().logs, [key]: log } });

  // Steps whose log was asked for while it was being read: more may have come since.
  const askAgain = new Set<string>();

  const isRunning = (id: string): boolean => {
    const record = tools.own().byId[id];
    return record?.status === 'ready' && record.value.state === 'running';
  };

  const readOn = async (id: string, step: number): Promise<void> => {
    const key = logKey(id, step);
    let text = tools.own().logs[key]?.text ?? '';
    putLog(key, { text, state: 'loading', error: null });
    try {
      for (;;) {
        const piece = await tools.client.builds.log({ id, step, offset: text.length });
        text += piece.text;
        const isOver = piece.done || piece.text === '';
        // As long as the build runs, nothing that is told of its steps is the last word.
        const isComplete = piece.done && !isRunning(id);
        putLog(key, { text, state: isComplete ? 'complete' : isOver ? 'part' : 'loading', error: null });
        if (isOver) return;
      }
    } catch (error) {
      putLog(key, { text, state: 'failed', error: toErrorView(error) });
    }
  };

  return {
    byId: {},
    logs: {},
    load: (id) =>
      loaderOf(id).load<BuildDetail>(
        tools.own().byId[id] ?? { status: 'idle' },
        (signal) => tools.client.builds.get({ id }, { signal }),
        (record) => {
          tools.set({ byId: { ...tools.own().byId, [id]: record } });
          if (record.status !== 'ready' || record.value.state !== 'running') return;
          if (record.value.operationId !== null) tools.state().operations.watch(record.value.operationId);
        },
      ),
    loadLog: async (id, step) => {
      const key = logKey(id, step);
      const state = tools.own().logs[key]?.state;
      if (state === 'complete') return;
      if (state === 'loading') {
        askAgain.add(key);
        return;
      }
      do {
        askAgain.delete(key);
        await readOn(id, step);
      } while (askAgain.has(key) && tools.own().logs[key]?.state === 'part');
    },
    saveLog: (id, step) => tools.client.builds.saveLog({ id, step }),
    saveTrace: (id, format) => tools.client.builds.trace({ id, format }),
    forget: (ids) => {
      const gone = new Set(ids);
      const keep = ([key]: readonly [string, unknown]): boolean => !gone.has(key.split('/', 1)[0] ?? key);
      tools.set({
        byId: Object.fromEntries(Object.entries(tools.own().byId).filter(keep)),
        logs: Object.fromEntries(Object.entries(tools.own().logs).filter(keep)),
      });
    },
  };
};
