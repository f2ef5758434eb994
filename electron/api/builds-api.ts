import { Readable } from 'node:stream';
import { implement } from '@orpc/server';
import { contract } from '#shared/contract/contract.ts';
import { requireCredentials } from '../build/remote/require-credentials.ts';
import { traceBuild } from '../insight/build-trace.ts';
import { compareRecords } from '../insight/compare-records.ts';
import { readBuildLog } from '../operations/read-build-log.ts';
import { startBuild } from '../operations/start-build.ts';
import { startVerify } from '../operations/start-verify.ts';
import { findEngine } from './find-engine.ts';
import type { HostContext } from './host-context.ts';
import { requireBuildPaths } from './require-build-paths.ts';

/** Implements `builds`. */
export function buildsApi(context: HostContext) {
  const os = implement(contract.builds);
  return {
    start: os.start.handler(async ({ input }) => {
      const engine = findEngine(context, input.options.engine);
      // Before they become the project's: those of a record may lack what the project's have.
      requireCredentials(input.options);
      requireBuildPaths(context.grants, await context.projects.get(input.projectId), input.options);
      const project = await context.projects.setOptions(input.projectId, input.options);
      context.changes.emit({ topic: 'projects' });
      return startBuild(context.operations, context.builds, engine, {
        projectId: project.id,
        name: project.name,
        contextPath: project.path,
        options: input.options,
      });
    }),
    verify: os.verify.handler(async ({ input }) => {
      const engine = findEngine(context, input.options.engine);
      const stored = await context.projects.get(input.projectId);
      requireBuildPaths(context.grants, stored, input.options);
      const { name, path } = stored;
      const order = { name, contextPath: path, options: input.options };
      return { operationId: startVerify(context.operations, engine, order) };
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
      const { name, text } = traceBuild(await context.builds.get(input.id), input.format);
      const open = async () => Readable.from([Buffer.from(text)]);
      return context.host.offerDownload({ name, size: Buffer.byteLength(text), open }, signal);
    }),
    saveLog: os.saveLog.handler(async ({ input, signal = new AbortController().signal }) => {
      const { builds, host } = context;
      const build = await builds.get(input.id);
      const open = async () => Readable.from(readBuildLog(builds, build, input.step));
      const of = input.step === null ? '' : `-step-${input.step}`;
      return host.offerDownload({ name: `${build.name}-${build.id.slice(0, 8)}${of}.log`, open }, signal);
    }),
  };
}
