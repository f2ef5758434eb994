import { Readable } from 'node:stream';
import { implement } from '@orpc/server';
import { contract } from '#shared/contract/contract.ts';
import { traceBuild } from '../insight/build-trace.ts';
import { compareRecords } from '../insight/compare-records.ts';
import { startBuild } from '../operations/start-build.ts';
import { findEngine } from './find-engine.ts';
import type { HostContext } from './host-context.ts';
import { requireBuildPaths } from './require-build-paths.ts';

/** Implements `builds`. */
export function buildsApi(context: HostContext) {
  const os = implement(contract.builds);
  return {
    start: os.start.handler(async ({ input }) => {
      const engine = findEngine(context, input.options.engine);
      const { path } = await context.projects.get(input.projectId);
      requireBuildPaths(context.grants, path, input.options);
      const project = await context.projects.setOptions(input.projectId, input.options);
      context.changes.emit({ topic: 'projects' });
      return startBuild(context.operations, context.builds, engine, {
        projectId: project.id,
        name: project.name,
        contextPath: project.path,
        options: input.options,
      });
    }),
    list: os.list.handler(({ input }) => context.builds.list(input)),
    get: os.get.handler(({ input }) => context.builds.get(input.id)),
    log: os.log.handler(({ input }) => context.builds.log(input.id, input.step, input.offset)),
    remove: os.remove.handler(async ({ input }) => {
      await context.builds.remove(input.ids);
      context.changes.emit({ topic: 'builds' });
      return {};
    }),
    compare: os.compare.handler(async ({ input }) => {
      const { builds } = context;
      return compareRecords(await builds.get(input.before), await builds.get(input.after));
    }),
    trace: os.trace.handler(async ({ input, signal = new AbortController().signal }) => {
      const build = await context.builds.get(input.id);
      const text = JSON.stringify(traceBuild(build));
      const open = async () => Readable.from([Buffer.from(text)]);
      const name = `${build.name}-${build.id.slice(0, 8)}.trace.json`;
      return context.host.offerDownload({ name, size: Buffer.byteLength(text), open }, signal);
    }),
  };
}
