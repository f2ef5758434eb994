import { randomUUID } from 'node:crypto';
import type { BuildStep } from '#shared/contract/builds.ts';
import type { BuildOptions } from '#shared/contract/projects.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { toErrorView } from '#shared/errors/error-view.ts';
import type { BuildEvent, Engine } from '../engine/engine.ts';
import type { BuildRecorder, BuildRecords } from '../engine/ports.ts';
import type { OperationRegistry } from './operation-registry.ts';
import type { OperationContext, OperationResult } from './running-operation.ts';

/** A folder to build and how. */
export interface BuildOrder {
  readonly projectId: string | null;
  /** What the build is called: the project's name. */
  readonly name: string;
  readonly contextPath: string;
  readonly options: BuildOptions;
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
  const [buildId, operationId] = [randomUUID(), randomUUID()];
  const recorder = await records.begin(buildId, { ...order, operationId, engine: engine.id });
  try {
    operations.start({ id: operationId, kind: 'build', title: `Build ${order.name}`, buildId }, (context) =>
      runRecorded(context, recorder, buildId, engine, order),
    );
  } catch (error) {
    await recorder.finish({ state: 'failed', error: toErrorView(error) });
    throw error;
  }
  return { operationId, buildId };
}

async function runRecorded(
  context: OperationContext,
  recorder: BuildRecorder,
  buildId: string,
  engine: Engine,
  { contextPath, options }: BuildOrder,
): Promise<OperationResult> {
  const tell = createTeller(context, recorder);
  try {
    const { builder } = engine;
    if (builder === undefined) {
      throw new AppError('unsupported', `${engine.name} cannot build.`, {
        hint: 'Choose another engine in the build options.',
        detail: { kind: 'engine', engine: engine.id },
      });
    }
    const outcome = await builder.build({ contextPath, options }, { signal: context.signal, onEvent: tell });
    await recorder.finish({ state: 'done', outcome });
    const { digest, imageId, tags, platforms } = outcome;
    const listed = platforms === undefined ? {} : { platforms: [...platforms] };
    return { kind: 'build', buildId, digest, imageId, tags: [...tags], ...listed };
  } catch (error) {
    const state = context.signal.aborted ? 'cancelled' : 'failed';
    await recorder.finish({ state, error: toErrorView(error) });
    throw error;
  }
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
