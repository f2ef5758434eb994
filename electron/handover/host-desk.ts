import { AppError } from '#shared/errors/app-error.ts';
import { findEngine } from '../api/find-engine.ts';
import type { HostContext } from '../api/host-context.ts';
import { type BuildDesk, fetchedDockerfile } from '../cli/build-desk.ts';
import type { BuildOutcome } from '../engine/engine.ts';
import { type RecordedBuild, recordBuild, startRecorded } from '../operations/start-build.ts';
import { StorePaths } from '../store/store-paths.ts';

/** What a host's desk is given by the terminal whose build it does. */
export interface DeskVisitor {
  /** The terminal's environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Kept when the terminal can take more output; undefined when it can now. */
  room(): Promise<void> | undefined;
  /** Whether the host is closing, which is why builds end. */
  isClosing(): boolean;
}

/** A desk at which a host builds for a terminal: as operations that the page sees, of the project of that folder. */
export function openHostDesk(context: HostContext, visitor: DeskVisitor): BuildDesk {
  const engine = findEngine(context, 'builtin');
  return {
    paths: new StorePaths(context.home),
    predict: async (request, signal) => {
      const { predictor } = engine;
      if (predictor === undefined) throw new AppError('unsupported', `${engine.name} cannot foresee builds.`);
      return predictor.predict({ ...request, terminal: visitor }, signal);
    },
    begin: async (request) => {
      const { contextPath, place, options } = request;
      const project = (await context.projects.list()).find(({ path }) => path === contextPath);
      const recorded = await recordBuild(context.builds, engine, {
        projectId: project?.id ?? null,
        name: project?.name ?? request.name,
        ...{ contextPath, place, options, terminal: visitor },
        dockerfile: await fetchedDockerfile(request),
      });
      return { build: (hooks) => buildSeen(context, recorded, visitor, hooks) };
    },
  };
}

type BuildHooks = Parameters<Awaited<ReturnType<BuildDesk['begin']>>['build']>[0];

async function buildSeen(
  { operations }: HostContext,
  recorded: RecordedBuild,
  visitor: DeskVisitor,
  { signal, onEvent }: BuildHooks,
): Promise<BuildOutcome> {
  const outcome = new Promise<BuildOutcome>((resolve, reject) => {
    startRecorded(operations, recorded, {
      onEvent: (event) => onEvent(event) ?? visitor.room(),
      onEnd: (end) => (end.status === 'fulfilled' ? resolve(end.value) : reject(end.reason)),
    }).catch(reject);
  });
  const cancel = () => operations.cancel(recorded.operationId);
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    return await outcome;
  } catch (error) {
    throw visitor.isClosing() ? closedMeanwhile(error) : error;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

function closedMeanwhile(cause: unknown): AppError {
  return new AppError('busy', 'The Strata app that was building this was closed before the build was done.', {
    hint: 'Run the same command again: steps that were done are kept.',
    cause,
  });
}
