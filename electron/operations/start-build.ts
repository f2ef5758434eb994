import { randomUUID } from 'node:crypto';
import type { BuildStep } from '#shared/contract/builds.ts';
import type { BuildOptions } from '#shared/contract/projects.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { toErrorView } from '#shared/errors/error-view.ts';
import type { BuildEvent, BuildOutcome, BuildRequest, Engine } from '../engine/engine.ts';
import type { BuildRecorder, BuildRecords } from '../engine/ports.ts';
import type { OperationRegistry } from './operation-registry.ts';
import type { OperationContext, OperationResult } from './running-operation.ts';

/** What to build and how. */
export interface BuildOrder {
  readonly projectId: string | null;
  /** What the build is called: the project's name. */
  readonly name: string;
  readonly contextPath: string;
  /** Where the files of the context lie; absent for a folder. */
  readonly place?: BuildRequest['place'];
  /** The Dockerfile's text, where it does not lie in the folder. */
  readonly dockerfile?: string | undefined;
  readonly options: BuildOptions;
  readonly terminal?: BuildRequest['terminal'];
}

/** A build whose record was begun; it is to be started once. */
export interface RecordedBuild {
  readonly operationId: string;
  readonly buildId: string;
  readonly engine: Engine;
  readonly order: BuildOrder;
  readonly recorder: BuildRecorder;
}

/** Who waits for a build beside those that watch its operation; what `onEvent` answers holds up the build's output. */
export interface BuildFollower {
  onEvent(event: BuildEvent): void | Promise<void>;
  onEnd(end: PromiseSettledResult<BuildOutcome>): void;
}

/**
 * Begins a build whose steps and logs are told to the page and kept in the build records. When it answers, the
 * record is there. Throws what writing it throws, and `busy` when the host is closing.
 */
export async function startBuild(
  operations: OperationRegistry,
  records: BuildRecords,
  engine: Engine,
  order: BuildOrder,
): Promise<{ operationId: string; buildId: string }> {
  const recorded = await recordBuild(records, engine, order);
  await startRecorded(operations, recorded, null);
  return { operationId: recorded.operationId, buildId: recorded.buildId };
}

/** Begins the record of a build that is to be started. Throws what writing it throws. */
export async function recordBuild(
  records: BuildRecords,
  engine: Engine,
  order: BuildOrder,
): Promise<RecordedBuild> {
  const [buildId, operationId] = [randomUUID(), randomUUID()];
  const { projectId, name, contextPath, dockerfile, options } = order;
  const about = { projectId, name, contextPath, dockerfile, options };
  const recorder = await records.begin(buildId, { ...about, operationId, engine: engine.id });
  return { operationId, buildId, engine, order, recorder };
}

/** Starts the operation of a recorded build. Throws `busy` when the host is closing; the record then says so. */
export async function startRecorded(
  operations: OperationRegistry,
  build: RecordedBuild,
  follower: BuildFollower | null,
): Promise<void> {
  const { operationId: id, buildId, order, recorder } = build;
  try {
    operations.start({ id, kind: 'build', title: `Build ${order.name}`, buildId }, (context) =>
      runRecorded(context, build, follower),
    );
  } catch (error) {
    await recorder.finish({ state: 'failed', error: toErrorView(error) });
    throw error;
  }
}

async function runRecorded(
  context: OperationContext,
  build: RecordedBuild,
  follower: BuildFollower | null,
): Promise<OperationResult> {
  try {
    const outcome = await buildAndRecord(context, build, follower);
    follower?.onEnd({ status: 'fulfilled', value: outcome });
    const { digest, imageId, tags, platforms } = outcome;
    const listed = platforms === undefined ? {} : { platforms: [...platforms] };
    return { kind: 'build', buildId: build.buildId, digest, imageId, tags: [...tags], ...listed };
  } catch (error) {
    follower?.onEnd({ status: 'rejected', reason: error });
    throw error;
  }
}

async function buildAndRecord(
  context: OperationContext,
  { engine, recorder, order: { contextPath, place, options, terminal } }: RecordedBuild,
  follower: BuildFollower | null,
): Promise<BuildOutcome> {
  const tell = createTeller(context, recorder);
  const onEvent = (event: BuildEvent) => {
    tell(event);
    const held = follower?.onEvent(event);
    // Who cancels does not wait for a reader that has stopped.
    return held === undefined ? undefined : Promise.race([held, aborted(context.signal)]);
  };
  try {
    const { builder } = engine;
    if (builder === undefined) {
      throw new AppError('unsupported', `${engine.name} cannot build.`, {
        hint: 'Choose another engine in the build options.',
        detail: { kind: 'engine', engine: engine.id },
      });
    }
    const { signal } = context;
    const outcome = await builder.build({ contextPath, place, options, terminal }, { signal, onEvent });
    await recorder.finish({ state: 'done', outcome });
    return outcome;
  } catch (error) {
    const state = context.signal.aborted ? 'cancelled' : 'failed';
    await recorder.finish({ state, error: toErrorView(error) });
    throw error;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** Passes the engine's events on to the page and the record, with the share of steps that ended as progress. */
function createTeller(context: OperationContext, recorder: BuildRecorder): (event: BuildEvent) => void {
  const steps = new Map<number, BuildStep>();
  const tellProgress = (): void => {
    const done = [...steps.values()].filter((step) => step.status !== 'waiting' && step.status !== 'running');
    context.progress({ done: done.length, total: steps.size, unit: 'steps' });
  };
  return (event) => {
    if (event.type === 'log') {
      context.log(event.step, event.text);
      recorder.log(event.step, event.text);
      return;
    }
    if (event.type === 'steps') {
      steps.clear();
      for (const step of event.steps) steps.set(step.index, step);
      context.steps(event.steps);
      recorder.steps(event.steps);
    } else {
      steps.set(event.step.index, event.step);
      context.step(event.step);
      recorder.step(event.step);
    }
    tellProgress();
  };
}
