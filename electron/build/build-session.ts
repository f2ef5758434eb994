import { mkdir } from 'node:fs/promises';
import type { BuildOptions } from '#shared/contract/projects.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { hideCredentials } from '#shared/format/hide-credentials.ts';
import { shortenText } from '#shared/format/shorten.ts';
import { writeError } from '../platform/file-errors.ts';
import type { LayerRecord } from '../store/image-records.ts';
import type { BuildServices } from './build-services.ts';
import type { BuildTerminal } from './build-terminal.ts';
import { BlockMemory } from './cache/block-memory.ts';
import type { PastBuild } from './cache/history.ts';
import type { ContextPlace } from './context-place.ts';
import type { Dockerfile } from './dockerfile/ast.ts';
import { parseGoBool } from './dockerfile/go-bool.ts';
import { parseDockerfile } from './dockerfile/parse.ts';
import { createBuildSecrets } from './inputs/build-secrets.ts';
import { readNamedContexts } from './inputs/named-contexts.ts';
import { createSshAgents } from './inputs/ssh-agents.ts';
import { readBuildDockerfile } from './load-dockerfile.ts';
import type { PlanStep } from './plan/build-plan.ts';
import { checkWords } from './plan/check-words.ts';
import { type PlatformPlan, planPlatforms } from './plan/platform-plans.ts';
import { Remotes } from './remote/remotes.ts';
import { requireCredentials } from './remote/require-credentials.ts';
import { openSharedCaches } from './shared-cache/open-shared-caches.ts';
import type { SharedCaches } from './shared-cache/shared-caches.ts';
import { SharedLayers } from './shared-cache/shared-layers.ts';
import { BasePool } from './solve/base-pool.ts';
import { LayerFiles } from './solve/layer-files.ts';
import type { SolveCache } from './solve/solve-step.ts';
import type { FindSource, SolverServices } from './solve/solver.ts';
import type { RunResult } from './solve/step-runner.ts';
import { FolderSources } from './sources/folder-sources.ts';
import { refuseRun } from './steps/refuse-run.ts';
import type { RunRequest } from './steps/run-request.ts';
import type { StepContext } from './steps/step-context.ts';

/** One build or prediction: everything read, planned and ready to be solved. */
export interface BuildSession {
  readonly dockerfile: Dockerfile;
  /** One for each platform that is built for. */
  readonly platforms: readonly PlatformSession[];
  /** Whether what is built is an index of images instead of an image. */
  readonly asIndex: boolean;
  readonly epoch: number | null;
  readonly past: readonly PastBuild[];
  readonly cache: SolveCache;
  /** Layers that shared caches gave and that may not be here yet. */
  readonly shared: SharedLayers;
  readonly bases: BasePool;
  /** Keeps for the next build what was found of files: their digests, and where their blocks lie. */
  saveMemory(): Promise<void>;
  /** Removes what is needed no more. */
  close(): Promise<void>;
}

/** What is done for one platform, and with what. */
export interface PlatformSession extends PlatformPlan {
  readonly solver: SolverServices;
}

export interface SessionOptions {
  readonly contextPath: string;
  readonly place?: ContextPlace | undefined;
  readonly options: BuildOptions;
  readonly terminal?: BuildTerminal | undefined;
  readonly signal: AbortSignal;
  /** False in a prediction, which asks no server. */
  readonly mayFetch: boolean;
  onLog(step: number, text: string): void | Promise<void>;
  /** Shared caches that turned out to be broken: they are not looked into. */
  readonly without?: ReadonlySet<string> | undefined;
}

/** Reads the Dockerfile, plans it and prepares the context. Throws `not-found`, `dockerfile-invalid`, `invalid-input`. */
export async function openSession(services: BuildServices, session: SessionOptions): Promise<BuildSession> {
  const { options, place } = session;
  const { env } = session.terminal ?? process;
  requireCredentials(options);
  const { path, text } = await readBuildDockerfile(session);
  const dockerfile = parseDockerfile(text, path);
  const buildArgs = new Map(Object.entries(options.buildArgs));
  const contexts = readNamedContexts(options.contexts ?? {}, session.contextPath);
  const plans = planPlatforms(dockerfile, options, buildArgs, contexts);
  const asIndex = readAsIndex(buildArgs.get('BUILDKIT_MULTI_PLATFORM'), plans.length);
  const allows = (right: string) => options.allow?.includes(right) === true;
  for (const { plan } of plans) {
    checkWords(dockerfile, plan.steps);
    // A prediction shows at which step it would end.
    if (session.mayFetch)
      for (const { instruction } of plan.steps)
        if (instruction.keyword === 'RUN') refuseRun(instruction, { dockerfile, allows });
  }
  if (buildArgs.has('BUILDKIT_DOCKERFILE_CHECK') || dockerfile.directives.check?.options.error === true) {
    // Few builds ask for them, so the checks are loaded by those alone.
    const { checkBuild, failByFindings } = await import('./build-checks.ts');
    const { contextPath } = session;
    failByFindings(dockerfile, await checkBuild(services.bases, { contextPath, place, dockerfile, options }));
  }
  const past = await services.history.load(path);
  const epoch =
    readEpoch(buildArgs.get('SOURCE_DATE_EPOCH') ?? env.SOURCE_DATE_EPOCH, place?.epoch) ??
    (options.reproducible === true ? 0 : null);
  const { signal, mayFetch } = session;
  const folders = new FolderSources(services.store.paths.cacheContexts(), signal);
  const shared = new SharedLayers(services.store, signal);
  const sharedCaches = await openSharedCaches(services, session, shared);
  const bases = new BasePool(services.store, services.bases, shared, {
    signal,
    pull: options.pull === true,
    mayFetch,
  });
  const blocks = new BlockMemory(services.store.paths.cacheBlocks(), path, (blob, start, end) =>
    services.store.content.readPart(blob, start, end),
  );
  const files = new LayerFiles(services.store, signal, epoch, bases);
  const scratchFolder = await makeScratch(services);
  const secrets = createBuildSecrets(options.secrets ?? [], session.contextPath, env);
  const agents = createSshAgents(options.ssh ?? [], env);
  const folder = services.store.paths.cacheDownloads();
  const remotes = new Remotes({ folder, scratchFolder, signal, secrets, agents, mayFetch });
  const openContext = () =>
    place?.isFetched ? folders.fetched(place) : folders.context(session.contextPath, path);
  const contextFor = (
    globalArgs: PlatformPlan['globalArgs'],
    step: PlanStep,
    findSource: FindSource,
  ): StepContext => ({
    dockerfile,
    signal: session.signal,
    buildArgs,
    globalArgs,
    epoch,
    scratchFolder,
    secrets,
    agents,
    remotes,
    allows,
    source: (name, state, paths) => (name === null ? openContext() : findSource(name, state, paths)),
    tree: (state) => files.tree(state.layers),
    readText: (state, at) => files.readText(state.layers, at),
    writeLayer: async (fill, expected) => {
      const prepares = expected !== undefined && hasLaterRun(step);
      const preparation = prepares ? await services.runner.prepare?.(expected, session.signal) : null;
      await blocks.load();
      return files.write(fill, preparation, blocks);
    },
    run: async (state, request, line) => {
      await bases.ensure([...state.layers, ...mountedLayers(request)]);
      const result = await services.runner.run(state.layers, request, {
        signal: session.signal,
        onOutput: (text) => session.onLog(step.index, hideCredentials(text)),
        writeLayer: (fill) => files.write(fill),
        keepsTimes: epoch === null,
        tree: (layers) => files.tree(layers),
      });
      return layerOf(result, request, line);
    },
    log: (line) => session.onLog(step.index, hideCredentials(line)),
  });
  return {
    dockerfile,
    epoch,
    past,
    cache: solveCache(services, past, sharedCaches, options),
    shared,
    bases,
    asIndex,
    platforms: plans.map((plan) => ({
      ...plan,
      solver: {
        bases,
        store: services.store,
        contexts,
        folders,
        remotes,
        pull: options.pull === true,
        mayFetch,
        platform: plan.platform,
        globalArgs: plan.globalArgs,
        signal: session.signal,
        contextFor: (step, findSource) => contextFor(plan.globalArgs, step, findSource),
        openStack: (title, layers) => files.source(title, layers),
      },
    })),
    saveMemory: async () => {
      await folders.save();
      await blocks.save();
    },
    close: () => remotes.close(),
  };
}

/** Whether a command of the same stage will need the files of the step. */
function hasLaterRun({ stage, line }: PlanStep): boolean {
  return stage.stage.instructions.some(({ keyword, range }) => keyword === 'RUN' && range.line > line);
}

/** What is said of a long command; it stands in full beside what is said. */
const LETTERS_OF_COMMAND = 80;

/** What a command changed. Throws `step-failed` when it ended with another code than 0. */
function layerOf(result: RunResult, request: RunRequest, line: number): LayerRecord | null {
  if (result.exitCode === 0) return result.layer;
  const { exitCode, signal } = result;
  const how = signal === null ? `exit code ${exitCode}` : `signal ${signal}`;
  throw new AppError(
    'step-failed',
    `${shortenText(request.display, LETTERS_OF_COMMAND)} ended with ${how}.`,
    {
      hint: 'Its last lines of output say why. Earlier steps are kept, so a new build goes on here.',
      detail: { kind: 'step', line, instruction: request.display, exitCode, signal },
    },
  );
}

/** The layers that a step has mounted beside its own file system. */
function mountedLayers({ mounts }: RunRequest): readonly LayerRecord[] {
  return mounts.flatMap((mount) => {
    if (mount.type === 'bind') return mount.source.tree.layers ?? [];
    return mount.type === 'cache' ? (mount.seed?.tree.layers ?? []) : [];
  });
}

function solveCache(
  services: BuildServices,
  past: readonly PastBuild[],
  shared: SharedCaches | null,
  { noCache, noCacheFilter = [] }: BuildOptions,
): SolveCache {
  const { steps, listings, evictions, store } = services;
  const isUsable: SolveCache['isUsable'] = async ({ layer }) =>
    layer === null || store.content.touch(layer.digest, layer.size);
  const fresh = new Set(noCacheFilter.map((name) => name.toLowerCase()));
  const skips: SolveCache['skips'] = ({ index, name }) =>
    noCache || fresh.has(String(index)) || (name !== null && fresh.has(name));
  return {
    steps,
    listings,
    evictions,
    past,
    shared,
    making: new Map(),
    newSettings: new Set(),
    skips,
    isUsable,
  };
}

/** BuildKit's way to ask for an index that lists one image; several images are always listed by one. */
function readAsIndex(text: string | undefined, platforms: number): boolean {
  if (text === undefined || text === '') return platforms > 1;
  const asked = parseGoBool(text);
  if (asked === null || (!asked && platforms > 1))
    throw new AppError('invalid-input', `BUILDKIT_MULTI_PLATFORM is "${text}".`, {
      hint: asked === null ? 'Write true or false.' : 'Ask for one platform, or leave the argument out.',
    });
  return asked;
}

function readEpoch(text: string | undefined, committed: number | undefined): number | null {
  if (text === undefined || text === '') return null;
  if (text === 'context' && committed !== undefined) return committed;
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw new AppError('invalid-input', `SOURCE_DATE_EPOCH is "${text}", which is no number of seconds.`, {
    hint: 'Set it to seconds since 1970, for example the time of the last commit.',
  });
}

async function makeScratch({ store }: BuildServices): Promise<string> {
  const folder = store.paths.scratch();
  await mkdir(folder, { recursive: true }).catch((error) => {
    throw writeError(error, folder);
  });
  return folder;
}
