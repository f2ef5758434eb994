import type { BuildStep } from '#shared/contract/builds.ts';
import type { BuildOptions, PlannedStep } from '#shared/contract/projects.ts';
import { AppError, isCancelled } from '#shared/errors/app-error.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { familiarReference, parseReference, type Reference, withDefaultTag } from '#shared/oci/reference.ts';
import type { BuildServices } from './build-services.ts';
import { openSession } from './build-session.ts';
import { exportImage } from './solve/export-image.ts';
import { Solver } from './solve/solver.ts';
import { StepReport } from './solve/step-report.ts';
import { type StageState, withRuntime } from './steps/stage-state.ts';

export interface BuildImageRequest {
  readonly contextPath: string;
  readonly options: BuildOptions;
}

export interface BuildImageHooks {
  readonly signal: AbortSignal;
  /** All steps, once they are known. */
  onSteps(steps: readonly BuildStep[]): void;
  onStep(step: BuildStep): void;
  onLog(step: number, text: string): void;
}

export interface BuiltImage {
  readonly digest: Digest;
  readonly imageId: Digest;
  readonly tags: readonly string[];
  readonly steps: readonly BuildStep[];
}

/**
 * Builds an image into the store and names it. Throws `dockerfile-invalid`, `step-failed`, `base-not-found`,
 * `not-found`, `cancelled` and what writing the store may cause; the names then stay as they were.
 */
export async function buildImage(
  services: BuildServices,
  request: BuildImageRequest,
  hooks: BuildImageHooks,
): Promise<BuiltImage> {
  const tags = request.options.tags.map((tag) => parseTag(tag));
  const lease = await services.store.lease();
  const stop = new AbortController();
  const signal = AbortSignal.any([hooks.signal, stop.signal]);
  try {
    const session = await openSession(services, { ...request, signal, mayFetch: true, onLog: hooks.onLog });
    const report = new StepReport(session.plan.steps, hooks.onStep);
    hooks.onSteps(report.views());
    const solver = new Solver(session.plan, session.solver, { build: true, cache: session.cache, report });
    try {
      const state = withLabels(await solver.solve(), request.options.labels);
      const record = await exportImage(services.store, state, session.epoch);
      await services.store.setNames(tags, record.digest);
      return {
        digest: record.digest,
        imageId: record.configDigest,
        tags: tags.map(familiarReference),
        steps: report.views(),
      };
    } catch (error) {
      // Stages that still run must end before the store is let go.
      stop.abort();
      await solver.settle();
      throw hooks.signal.aborted && !isCancelled(error) ? cancelled(error) : asCancelled(error);
    } finally {
      await session.saveDigests();
      const steps = report.history(session.past[0]?.steps ?? []);
      await services.history.add(session.dockerfile.path, { at: Date.now(), steps });
    }
  } finally {
    await lease.release();
  }
}

/** Foresees each step with the code that builds; makes and fetches nothing. */
export async function predictBuild(
  services: BuildServices,
  request: BuildImageRequest,
  signal: AbortSignal,
): Promise<PlannedStep[]> {
  const session = await openSession(services, {
    ...request,
    signal,
    mayFetch: false,
    onLog: () => undefined,
  });
  const report = new StepReport(session.plan.steps, () => undefined);
  const solver = new Solver(session.plan, session.solver, { build: false, cache: session.cache, report });
  await solver.solve();
  await session.saveDigests();
  return report.planned();
}

/** Labels of the command line win over those of the Dockerfile. */
function withLabels(state: StageState, labels: BuildOptions['labels']): StageState {
  if (labels === undefined || Object.keys(labels).length === 0) return state;
  return withRuntime(state, { labels: { ...state.runtime.labels, ...labels } });
}

function parseTag(text: string): Reference {
  const reference = parseReference(text);
  if (reference.digest === undefined) return withDefaultTag(reference);
  throw new AppError('invalid-input', `"${text}" holds a digest, so it cannot name a new image.`, {
    hint: 'Use a tag, such as app:1.0.',
  });
}

function cancelled(cause: unknown): AppError {
  return new AppError('cancelled', 'The build was cancelled.', {
    hint: 'Steps that were done are kept; build again to go on.',
    cause,
  });
}

function asCancelled(error: unknown): unknown {
  return isCancelled(error) && !(error instanceof AppError) ? cancelled(error) : error;
}
