import { follow } from '#renderer/client/follow.ts';
import type { BuildOptions, ContextPreview, PlannedStep, ProjectSource } from '#shared/contract/projects.ts';
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
  /** A build is being asked for: the button has been pressed and the answer is not here. */
  readonly isStarting: boolean;
  /** Opens a project: loads it and keeps it fresh while its files change. */
  open(projectId: string): void;
  /** Stops following the open project. */
  close(): void;
  /** Asks again for source, prediction and context. */
  refresh(): void;
  show(shown: WorkbenchSlice['shown']): void;
  /** Remembers options for the project and predicts with them; rejects with the host's refusal. */
  setOptions(options: BuildOptions): Promise<void>;
  /** Begins a build with the project's options, or with others; rejects with the host's refusal. */
  build(options?: BuildOptions): Promise<void>;
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
  isStarting: false,
} as const;

/** Makes the workbench slice. */
export const createWorkbenchSlice: SliceCreator<WorkbenchSlice> = (tools) => {
  const source = createLoader();
  const plan = createLoader();
  const context = createLoader();
  let watching: AbortController | undefined;

  const optionsNow = (): BuildOptions | undefined => {
    const projects = valueOr(tools.state().projects.list, []);
    return projects.find((project) => project.id === tools.own().projectId)?.options;
  };

  const isRunning = (): boolean => {
    const { buildId } = tools.own();
    const record = buildId === null ? undefined : tools.state().records.byId[buildId];
    return record?.status === 'ready' && record.value.state === 'running';
  };

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
    void plan.load<readonly PlannedStep[]>(
      own.plan,
      (signal) => client.projects.predict({ id: projectId, options }, { signal }),
      (value) => tools.set({ plan: value }),
      { fresh },
    );
    void context.load<ContextPreview>(
      own.context,
      (signal) => client.projects.context(file, { signal }),
      (value) => tools.set({ context: value }),
      { fresh },
    );
  };

  const watch = (id: string, signal: AbortSignal): void => {
    follow((until) => tools.client.projects.watch({ id }, { signal: until }), {
      signal,
      onStart: (again) => {
        if (again) refresh(false);
      },
      onValue: () => {
        refresh(false);
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
      if (last !== null) void tools.state().records.load(last.id);
      watch(projectId, watching.signal);
    },
    close: () => {
      watching?.abort();
      for (const loader of [source, plan, context]) loader.stop();
      tools.set(CLOSED);
    },
    refresh: () => refresh(false),
    show: (shown) => tools.set({ shown }),
    setOptions: async (options) => {
      const { projectId } = tools.own();
      if (projectId === null) return;
      await tools.client.projects.setOptions({ id: projectId, options });
      await tools.state().projects.load();
      tools.set({ shown: isRunning() ? 'build' : 'plan' });
      refresh(false);
    },
    build: async (given) => {
      const { projectId } = tools.own();
      const options = given ?? optionsNow();
      if (projectId === null || options === undefined || tools.own().isStarting) return;
      tools.set({ isStarting: true });
      try {
        const { buildId, operationId } = await tools.client.builds.start({ projectId, options });
        tools.state().operations.watch(operationId);
        await tools.state().records.load(buildId);
        if (tools.own().projectId === projectId) tools.set({ buildId, shown: 'build' });
      } finally {
        tools.set({ isStarting: false });
      }
    },
    noticeBuild: (buildId) => {
      if (tools.own().buildId === buildId) return;
      tools.set({ buildId, shown: 'build' });
      void tools.state().records.load(buildId);
    },
  };
};
