import type { BuildStep } from '#shared/contract/builds.ts';
import type { BuildOptions, PlannedStep } from '#shared/contract/projects.ts';
import { AppError, isCancelled } from '#shared/errors/app-error.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { familiarReference, parseReference, type Reference, withDefaultTag } from '#shared/oci/reference.ts';
import type { BuildServices } from './build-services.ts';
import { openSession } from './build-session.ts';
import { type CacheExport, parseCacheTo } from './shared-cache/cache-address.ts';
import { SharedCacheFailure } from './shared-cache/shared-layers.ts';
import { writeCaches } from './shared-cache/write-caches.ts';
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
  const { options, contextPath } = request;
  const tags = options.tags.map((tag) => parseTag(tag));
  const exports = (options.cacheTo ?? []).map((word) => parseCacheTo(word, contextPath));
  const lease = await services.store.lease();
  try {
    const warn = (text: string) => hooks.onLog(0, text);
    return await withoutBroken(warn, (without) =>
      buildOnce(services, { request, tags, exports, without }, hooks),
    );
  } finally {
    await lease.release();
  }
}

/** Does it again without each shared cache that turns out to be broken on the way. */
async function withoutBroken<T>(
  warn: (text: string) => void,
  work: (without: ReadonlySet<string>) => Promise<T>,
): Promise<T> {
  const without = new Set<string>();
  for (;;) {
    try {
      return await work(without);
    } catch (error) {
      if (!(error instanceof SharedCacheFailure) || without.has(error.title)) throw error;
      warn(`Warning: ${error.message} The build goes on without it.\n`);
      without.add(error.title);
    }
  }
}

interface Attempt {
  readonly request: BuildImageRequest;
  readonly tags: readonly Reference[];
  readonly exports: readonly CacheExport[];
  /** Shared caches that are broken. */
  readonly without: ReadonlySet<string>;
}

async function buildOnce(
  services: BuildServices,
  { request, tags, exports, without }: Attempt,
  hooks: BuildImageHooks,
): Promise<BuiltImage> {
  const stop = new AbortController();
  const signal = AbortSignal.any([hooks.signal, stop.signal]);
  const { onLog } = hooks;
  const session = await openSession(services, { ...request, signal, mayFetch: true, onLog, without });
  const { plan, shared } = session;
  const report = new StepReport(plan.steps, hooks.onStep);
  hooks.onSteps(report.views());
  const solver = new Solver(plan, session.solver, { build: true, cache: session.cache, report });
  let isRepeated = false;
  try {
    const state = withLabels(await solver.solve(), request.options.labels);
    await shared.ensure(state.layers);
    const record = await exportImage(services.store, state, session.epoch);
    await services.store.setNames(tags, record.digest);
    if (exports.length > 0) {
      const build = { steps: report.solved(), target: plan.target.label, layers: state.layers, shared };
      const log = (text: string) => onLog(report.nextIndex - 1, text);
      await writeCaches(services, exports, build, { signal, log });
    }
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
    isRepeated = error instanceof SharedCacheFailure;
    throw hooks.signal.aborted && !isCancelled(error) ? cancelled(error) : asCancelled(error);
  } finally {
    await session.saveDigests();
    const steps = report.history(session.past[0]?.steps ?? []);
    if (!isRepeated) await services.history.add(session.dockerfile.path, { at: Date.now(), steps });
  }
}

/** Foresees each step with the code that builds; makes and fetches nothing. */
export async function predictBuild(
  services: BuildServices,
  request: BuildImageRequest,
  signal: AbortSignal,
): Promise<PlannedStep[]> {
  const ignore = () => undefined;
  return withoutBroken(ignore, async (without) => {
    const session = await openSession(services, {
      ...request,
      signal,
      mayFetch: false,
      onLog: ignore,
      without,
    });
    const report = new StepReport(session.plan.steps, ignore);
    const solver = new Solver(session.plan, session.solver, { build: false, cache: session.cache, report });
    await solver.solve();
    await session.saveDigests();
    return report.planned();
  });
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
