import { implement } from '@orpc/server';
import { contract } from '#shared/contract/contract.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { BaseQuery } from '../engine/ports.ts';
import { watchFolder } from '../platform/watch-folder.ts';
import type { StoredProject } from '../settings/projects-store.ts';
import { listBuiltFolders, requireBuiltFolder } from './built-folders.ts';
import { findEngine } from './find-engine.ts';
import type { HostContext } from './host-context.ts';
import { summarizeProject } from './project-summary.ts';
import { requireBuildPaths } from './require-build-paths.ts';

/** Implements `projects`. */
export function projectsApi(context: HostContext) {
  const os = implement(contract.projects);
  const { projects, grants, reader, bases, changes } = context;
  const changed = (): void => changes.emit({ topic: 'projects' });
  /** The project, if the Dockerfile asked for is one that may be read. */
  const allowed = async (id: string, dockerfile: string | undefined): Promise<StoredProject> => {
    const project = await projects.get(id);
    if (dockerfile !== undefined) grants.requireWithin(project.path, dockerfile);
    return project;
  };
  return {
    list: os.list.handler(async () => {
      const [stored, builds] = await Promise.all([projects.list(), context.builds.list({})]);
      return Promise.all(stored.map((project) => summarizeProject(project, builds)));
    }),
    add: os.add.handler(async ({ input }) => {
      const project = await projects.add(grants.require(input.path));
      changed();
      return summarizeProject(project, await context.builds.list({}));
    }),
    built: os.built.handler(async () => listBuiltFolders(await context.builds.list({}))),
    addBuilt: os.addBuilt.handler(async ({ input }) => {
      const { contextPath, options } = await requireBuiltFolder(context.builds, input.build);
      const project = await projects.add(contextPath, options);
      changed();
      return summarizeProject(project, await context.builds.list({}));
    }),
    remove: os.remove.handler(async ({ input }) => {
      await projects.remove(input.id);
      changed();
      return {};
    }),
    setOptions: os.setOptions.handler(async ({ input }) => {
      requireBuildPaths(grants, await projects.get(input.id), input.options);
      const project = await projects.setOptions(input.id, input.options);
      changed();
      return summarizeProject(project, await context.builds.list({}));
    }),
    source: os.source.handler(async ({ input, signal }) => {
      const project = await allowed(input.id, input.dockerfile);
      const dockerfile = input.dockerfile ?? project.options.dockerfile;
      return reader.source(project.path, { ...project.options, dockerfile }, signal);
    }),
    predict: os.predict.handler(async ({ input, signal }) => {
      const project = await projects.get(input.id);
      requireBuildPaths(grants, project, input.options);
      const { predictor } = findEngine(context, input.options.engine);
      if (predictor === undefined) return [];
      return [...(await predictor.predict({ contextPath: project.path, options: input.options }, signal))];
    }),
    context: os.context.handler(async ({ input, signal }) => {
      const project = await allowed(input.id, input.dockerfile);
      return reader.context(project.path, input.dockerfile ?? project.options.dockerfile, signal);
    }),
    advice: os.advice.handler(async ({ input, signal }) => {
      const { path, options } = await projects.get(input.id);
      const { measured } = input;
      return context.advisor.advise({ contextPath: path, dockerfile: options.dockerfile, measured }, signal);
    }),
    bases: os.bases.handler(async ({ input, signal }) => {
      const project = await allowed(input.id, input.dockerfile);
      return bases.list(baseQuery(project, input.dockerfile), { check: input.check, signal });
    }),
    pinBase: os.pinBase.handler(async ({ input, signal }) => {
      const project = await allowed(input.id, input.dockerfile);
      if (!input.preview && input.fingerprint === undefined)
        throw new AppError('invalid-input', 'A base is pinned only after its preview was looked at.');
      return bases.pin(baseQuery(project, input.dockerfile), input, signal);
    }),
    undoPin: os.undoPin.handler(({ input }) => bases.undoPin(input.undo)),
    watch: os.watch.handler(async function* ({ input, signal }) {
      const project = await projects.get(input.id);
      for await (const paths of watchFolder(project.path, signal)) yield { paths };
    }),
    createSample: os.createSample.handler(async ({ input, signal }) => {
      const path = grants.requireNew(input.path);
      const { options } = await context.sample.create(path, signal);
      const project = await projects.add(path, options);
      changed();
      changes.emit({ topic: 'images', engine: 'builtin' });
      return summarizeProject(project, []);
    }),
  };
}

function baseQuery({ path, options }: StoredProject, dockerfile: string | undefined): BaseQuery {
  const { buildArgs, contexts = {} } = options;
  return { contextPath: path, dockerfile: dockerfile ?? options.dockerfile, buildArgs, contexts };
}
