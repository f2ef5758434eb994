import type { BuildStep } from '#shared/contract/builds.ts';
import type { BuildOptions, PlannedStep } from '#shared/contract/projects.ts';
import type { TagMove } from '#shared/contract/tags.ts';
import { AppError, isCancelled } from '#shared/errors/app-error.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { formatPlatform } from '#shared/oci/platform.ts';
import { familiarReference, parseReference, type Reference, withDefaultTag } from '#shared/oci/reference.ts';
import { hostPlatform } from '../platform/host-platform.ts';
import type { ImageRecord } from '../store/image-records.ts';
import { imageForMachine } from '../store/index-images.ts';
import type { BuildServices } from './build-services.ts';
import { type BuildSession, openSession } from './build-session.ts';
import type { BuildTerminal } from './build-terminal.ts';
import type { ContextPlace } from './context-place.ts';
import { type CacheExport, parseCacheTo } from './shared-cache/cache-address.ts';
import { SharedCacheFailure } from './shared-cache/shared-layers.ts';
import { writeCaches } from './shared-cache/write-caches.ts';
import { exportImage } from './solve/export-image.ts';
import { exportIndex } from './solve/export-index.ts';
import { foreignRuns } from './solve/foreign-runs.ts';
import { Solver } from './solve/solver.ts';
import { StepReport } from './solve/step-report.ts';
import { foreignError } from './steps/foreign-run.ts';
import { type StageState, withRuntime } from './steps/stage-state.ts';

export interface BuildImageRequest {
  /** As people know it: the absolute path of a folder, an address, or `-`. */
  readonly contextPath: string;
  /** Where its files lie; absent for a folder. */
  readonly place?: ContextPlace | undefined;
  readonly options: BuildOptions;
  /** The terminal that handed the build to this process, absent where none did. */
  readonly terminal?: BuildTerminal | undefined;
}

export interface BuildImageHooks {
  readonly signal: AbortSignal;
  /** All steps, once they are known. */
  onSteps(steps: readonly BuildStep[]): void;
  onStep(step: BuildStep): void;
  /** What it answers holds up the output of the step. */
  onLog(step: number, text: string): void | Promise<void>;
}

/** The image of one platform of several. */
export interface PlatformImage {
  readonly platform: string;
  readonly digest: Digest;
  readonly imageId: Digest;
}

export interface BuiltImage {
  /** Of the manifest, or of the index where several platforms were asked for. */
  readonly digest: Digest;
  /** Of an index that of this machine's image, else of its first. */
  readonly imageId: Digest;
  /** What the index lists; absent where there is none. */
  readonly platforms?: readonly PlatformImage[];
  readonly tags: readonly string[];
  readonly steps: readonly BuildStep[];
}

/**
 * Builds an image into the store and names it; for several platforms, all their images and an index of them. Throws
 * `dockerfile-invalid`, `step-failed`, `base-not-found`, `not-found`, `cancelled` and what writing the store may
 * cause; the names then stay as they were.
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
  const { platforms, shared, bases } = session;
  await refuseForeignRuns(services, request, session, { signal, without });
  const report = new StepReport(stepsOf(session), hooks.onStep);
  hooks.onSteps(report.views());
  const solvers = solversOf(session, true, report);
  let isRepeated = false;
  try {
    const states = await Promise.all(solvers.map((solver) => solver.solve()));
    const layers = states.flatMap((state) => state.layers);
    await bases.ensure(layers);
    const images: ImageRecord[] = [];
    for (const state of states) {
      const labelled = withLabels(state, request.options.labels);
      images.push(await exportImage(services.store, labelled, session.epoch, signal));
    }
    const named = await nameImages(services, session, images, { tags, via: request.terminal && 'cli' });
    if (exports.length > 0) {
      const targets = platforms.map(({ plan }) => plan.target.label);
      const build = { steps: report.solved(), targets, layers, bases: await bases.layers(), shared };
      const log = (text: string) => onLog(report.nextIndex - 1, text);
      await writeCaches(services, exports, build, { signal, log });
    }
    return { ...named, tags: tags.map(familiarReference), steps: report.views() };
  } catch (error) {
    // Stages that still run must end before the store is let go.
    stop.abort();
    await Promise.all(solvers.map((solver) => solver.settle()));
    await bases.settle();
    isRepeated = error instanceof SharedCacheFailure;
    throw hooks.signal.aborted && !isCancelled(error) ? cancelled(error) : asCancelled(error);
  } finally {
    await session.saveMemory();
    await session.close();
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
  return withoutBroken(ignore, async (without) =>
    (await foresee(services, request, { signal, without })).planned(),
  );
}

async function foresee(
  services: BuildServices,
  { contextPath, place, options, terminal }: BuildImageRequest,
  { signal, without }: { readonly signal: AbortSignal; readonly without: ReadonlySet<string> },
): Promise<StepReport> {
  const quiet = { signal, mayFetch: false, onLog: () => undefined, without };
  const session = await openSession(services, { contextPath, place, options, terminal, ...quiet });
  const report = new StepReport(stepsOf(session), () => undefined);
  await Promise.all(solversOf(session, false, report).map((solver) => solver.foresee()));
  await session.saveMemory();
  await session.close();
  return report;
}

function stepsOf({ platforms }: BuildSession) {
  return platforms.flatMap(({ plan }) => plan.steps);
}

function solversOf({ platforms, cache }: BuildSession, build: boolean, report: StepReport): Solver[] {
  return platforms.map(({ plan, solver }) => new Solver(plan, solver, { build, cache, report }));
}

/**
 * What this machine cannot run and the cache does not hold makes the build impossible: better told before anything is
 * pulled than after half of the work. Throws `dockerfile-invalid` at the line.
 */
async function refuseForeignRuns(
  services: BuildServices,
  request: BuildImageRequest,
  { dockerfile, platforms }: BuildSession,
  options: { readonly signal: AbortSignal; readonly without: ReadonlySet<string> },
): Promise<void> {
  const foreign = await foreignRuns(platforms);
  // What a shared cache holds shows only when the base is known, which may mean to fetch it.
  if (foreign.length === 0 || (request.options.cacheFrom ?? []).length > 0) return;
  const foreseen = await foresee(services, request, options);
  const hits = new Set(foreseen.views().flatMap(({ index, status }) => (status === 'hit' ? [index] : [])));
  const first = foreign.find(({ step }) => !hits.has(step.index));
  if (first === undefined) return;
  throw foreignError({ path: dockerfile.path, range: first.step.instruction.range }, first.reason);
}

/** Makes the index where one is wanted, and points the names at what was built. */
async function nameImages(
  { store }: BuildServices,
  { platforms: asked, asIndex }: BuildSession,
  images: readonly ImageRecord[],
  { tags, via }: { readonly tags: readonly Reference[]; readonly via: TagMove['via'] },
): Promise<Pick<BuiltImage, 'digest' | 'imageId' | 'platforms'>> {
  const image = imageForMachine(images, hostPlatform());
  if (image === null) throw new AppError('internal', 'No platform was built.');
  const { digest, configDigest: imageId } = image;
  if (!asIndex) {
    await store.setNames(tags, { digest }, 'build', via);
    return { digest, imageId };
  }
  // The index says what was asked for, also where a final stage for the machine that builds gave another platform.
  const listed = images.map((image, i) => ({ ...image, platform: asked[i]?.platform ?? image.platform }));
  const indexDigest = await exportIndex(store, listed);
  await store.setNames(tags, { digest, indexDigest }, 'build', via);
  const platforms = listed.map(({ platform, digest, configDigest }) => ({
    platform: formatPlatform(platform),
    digest,
    imageId: configDigest,
  }));
  return { digest: indexDigest, imageId, platforms };
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
