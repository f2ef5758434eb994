import { follow } from '#renderer/client/follow.ts';
import type { BuildOptions, ContextPreview, PlannedStep, ProjectSource } from '#shared/contract/projects.ts';
import type { AppState } from './app-store.ts';
import { createLoader, IDLE, type Remote, valueOr } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** The project that is open, as it is on disk, and what is shown of it. */
export interface WorkbenchSlice {
  /** Null while no project is open. */
  readonly projectId: string | null;
  readonly source: Remote<ProjectSource>;
  readonly plan: Remote<readonly PlannedStep[]>;
  readonly context: Remote<ContextPreview>;
  /** The prediction, or what the last build did. */
  readonly shown: 'plan' | 'build';
  /** The build that is shown or would be: the one that runs, else the last. */
  readonly buildId: string | null;
  /** Hits that were predicted when the build began; null when there was no prediction. */
  readonly predictedHits: number | null;
  /** A build is being asked for: the button has been pressed and the answer is not here. */
  readonly isStarting: boolean;
  /** Opens a project: loads it and keeps it fresh while its files change. */
  open(projectId: string): void;
  /** Stops following the open project. */
  close(): void;
  /** Asks again for source, prediction, context and advice. */
  refresh(): void;
  show(shown: WorkbenchSlice['shown']): void;
  /** Begins a build with the project's options, or with others this once; rejects with the host's refusal. */
  build(once?: BuildOptions): Promise<void>;
  /** Takes in that a build of this project was begun elsewhere, by the CLI or another window. */
  noticeBuild(buildId: string): void;
}

const CLOSED = {
  projectId: null,
  source: IDLE,
  plan: IDLE,
  context: IDLE,
  shown: 'plan',
  buildId: null,
  predictedHits: null,
  isStarting: false,
} as const;

/** Makes the workbench slice. */
export const createWorkbenchSlice: SliceCreator<WorkbenchSlice> = (tools) => {
  const source = createLoader();
  const plan = createLoader();
  const context = createLoader();
  let watching: AbortController | undefined;
  // Predictions that are under way: until they are here the last one may be about other options.
  let predicting = 0;

  const optionsNow = (): BuildOptions | undefined => {
    const projects = valueOr(tools.state().projects.list, []);
    return projects.find((project) => project.id === tools.own().projectId)?.options;
  };

  const isRunning = (): boolean => runningBuild(tools.state()) !== null;

  const refresh = (fresh: boolean): void => {
    const { projectId, ...own } = tools.own();
    const options = optionsNow();
    if (projectId === null || options === undefined) return;
    const file = {
      id: projectId,
      ...(options.dockerfile === undefined ? {} : { dockerfile: options.dockerfile }),
    };
    const { client } = tools;
    void source.load<ProjectSource>(
      own.source,
      (signal) => client.projects.source(file, { signal }),
      (value) => tools.set({ source: value }),
      { fresh },
    );
    void tools.state().bases.load(file);
    predicting += 1;
    const prediction = plan.load<readonly PlannedStep[]>(
      own.plan,
      (signal) => client.projects.predict({ id: projectId, options }, { signal }),
      (value) => tools.set({ plan: value }),
      { fresh },
    );
    void prediction.finally(() => {
      predicting -= 1;
    });
    void context.load<ContextPreview>(
      own.context,
      (signal) => client.projects.context(file, { signal }),
      (value) => tools.set({ context: value }),
      { fresh },
    );
  };

  const advise = (): void => {
    const { projectId } = tools.own();
    if (projectId !== null) void tools.state().advice.load(projectId);
  };

  const watch = (id: string, signal: AbortSignal): void => {
    follow((until) => tools.client.projects.watch({ id }, { signal: until }), {
      signal,
      onStart: (again) => {
        if (again) refresh(false);
      },
      onValue: ({ paths }) => {
        refresh(false);
        // Other files change no advice before they are built.
        if (paths.includes(optionsNow()?.dockerfile ?? 'Dockerfile')) advise();
        if (!isRunning()) tools.set({ shown: 'plan' });
      },
    }).catch(() => undefined); // The folder is gone or cannot be watched: `problem` of the project says so.
  };

  return {
    ...CLOSED,
    open: (projectId) => {
      watching?.abort();
      watching = new AbortController();
      const project = valueOr(tools.state().projects.list, []).find((other) => other.id === projectId);
      const last = project?.lastBuild ?? null;
      tools.set({
        ...CLOSED,
        projectId,
        buildId: last?.id ?? null,
        shown: last?.state === 'running' ? 'build' : 'plan',
      });
      refresh(true);
      advise();
      if (last !== null) void tools.state().records.load(last.id);
      watch(projectId, watching.signal);
    },
    close: () => {
      watching?.abort();
      for (const loader of [source, plan, context]) loader.stop();
      tools.state().bases.close();
      tools.set(CLOSED);
    },
    refresh: () => {
      refresh(false);
      advise();
    },
    show: (shown) => tools.set({ shown }),
    build: async (once) => {
      const { projectId } = tools.own();
      const remembered = optionsNow();
      if (projectId === null || remembered === undefined || tools.own().isStarting) return;
      const predictedHits = predicting > 0 ? null : countHits(tools.own().plan);
      tools.set({ isStarting: true });
      try {
        const { buildId, operationId } = await tools.client.builds.start({
          projectId,
          options: once ?? remembered,
        });
        // The host remembers what a build was begun with.
        if (once !== undefined)
          await tools.client.projects.setOptions({ id: projectId, options: remembered });
        tools.state().operations.watch(operationId);
        await tools.state().records.load(buildId);
        if (tools.own().projectId === projectId) tools.set({ buildId, predictedHits, shown: 'build' });
      } finally {
        tools.set({ isStarting: false });
      }
    },
    noticeBuild: (buildId) => {
      if (tools.own().buildId === buildId) return;
      tools.set({ buildId, predictedHits: null, shown: 'build' });
      void tools.state().records.load(buildId);
    },
  };
};

function countHits(plan: Remote<readonly PlannedStep[]>): number | null {
  // An engine that cannot predict answers with no steps.
  if (plan.status !== 'ready' || plan.value.length === 0) return null;
  return plan.value.filter((step) => step.predicted === 'hit').length;
}

/** Operation of the open project's build while it runs, null when none does. */
export function runningBuild(state: AppState): string | null {
  const { buildId } = state.workbench;
  const record = buildId === null ? undefined : state.records.byId[buildId];
  if (record?.status !== 'ready' || record.value.state !== 'running') return null;
  const { operationId } = record.value;
  const live = state.operations.byId[operationId ?? ''];
  return live === undefined || live.operation.state === 'running' ? operationId : null;
}
