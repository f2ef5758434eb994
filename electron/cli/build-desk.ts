import { randomUUID } from 'node:crypto';
import type { PlannedStep } from '#shared/contract/projects.ts';
import { AppError, isCancelled } from '#shared/errors/app-error.ts';
import { toErrorView } from '#shared/errors/error-view.ts';
import { readBuildDockerfile } from '../build/load-dockerfile.ts';
import { createBuilder, createPredictor } from '../engine/builtin/builder.ts';
import type { BuildEvent, Builder, BuildOutcome, BuildRequest } from '../engine/engine.ts';
import type { BuildRecorder } from '../engine/ports.ts';
import type { StorePaths } from '../store/store-paths.ts';
import { recordsOf } from './build-records.ts';
import { type Core, openCore } from './core.ts';

/** A build and what it is called. */
export type NamedRequest = BuildRequest & { readonly name: string };

/** A build of which a record was begun; it is to be built once. */
export interface BegunBuild {
  /** Builds and ends the record. Throws what building throws. */
  build: (options: Parameters<Builder['build']>[1]) => Promise<BuildOutcome>;
}

/** Where the work of a build command is done: in its own process, or in a host that took it over. */
export interface BuildDesk {
  readonly paths: StorePaths;
  predict(request: BuildRequest, signal: AbortSignal): Promise<readonly PlannedStep[]>;
  /** Begins the record of a build. Throws what writing it throws, and `engine-unavailable`. */
  begin(request: NamedRequest): Promise<BegunBuild>;
}

/** A desk in this process. Throws `read-only`, `permission` or `disk-full`. */
export async function openOwnDesk(env: NodeJS.ProcessEnv): Promise<BuildDesk> {
  const core = await openCore(env);
  return {
    paths: core.store.paths,
    predict: (request, signal) => createPredictor(core.services).predict(request, signal),
    begin: async (request) => {
      const builder = await chooseBuilder(core, request.options.engine, env);
      const { name, contextPath, options } = request;
      const recorder = await recordsOf(core).begin(newBuildId(), {
        ...{ operationId: '', projectId: null, name, contextPath, engine: options.engine, options },
        dockerfile: await fetchedDockerfile(request),
      });
      return { build: (hooks) => buildRecorded(builder, recorder, request, hooks) };
    },
  };
}

/** The Dockerfile's text where it does not lie in the folder that is built; undefined where it does. */
export async function fetchedDockerfile(request: BuildRequest): Promise<string | undefined> {
  if (request.place === undefined) return undefined;
  return (await readBuildDockerfile(request).catch(() => null))?.text;
}

async function chooseBuilder(core: Core, engine: string, env: NodeJS.ProcessEnv): Promise<Builder> {
  if (engine === 'builtin') return createBuilder(core.services);
  const { openEngine } = await import('./other-engines.ts');
  const opened = await openEngine(engine, core.home, env);
  if (opened.builder !== undefined) return opened.builder;
  throw new AppError('unsupported', `${opened.name} cannot build.`);
}

async function buildRecorded(
  builder: Builder,
  recorder: BuildRecorder,
  request: BuildRequest,
  { signal, onEvent }: Parameters<Builder['build']>[1],
): Promise<BuildOutcome> {
  let outcome: BuildOutcome;
  try {
    outcome = await builder.build(request, {
      signal,
      onEvent: (event) => {
        tell(recorder, event);
        return onEvent(event);
      },
    });
  } catch (error) {
    await recorder.finish({ state: isCancelled(error) ? 'cancelled' : 'failed', error: toErrorView(error) });
    throw error;
  }
  await recorder.finish({ state: 'done', outcome });
  return outcome;
}

function tell(recorder: BuildRecorder, event: BuildEvent): void {
  if (event.type === 'log') recorder.log(event.step, event.text);
  else if (event.type === 'step') recorder.step(event.step);
  else recorder.steps(event.steps);
}

/** Sorts by time, so that a listing of the folder reads as history. */
function newBuildId(): string {
  return `${Date.now().toString(36)}-${randomUUID().slice(0, 8)}`;
}
