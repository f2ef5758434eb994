import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { AppError } from '#shared/errors/app-error.ts';
import { hideCredentialsIn } from '#shared/format/hide-credentials.ts';
import { familiarReference, parseReference, withDefaultTag } from '#shared/oci/reference.ts';
import { contextReadError } from '../../../build/context/context-error.ts';
import { findIgnoreFile } from '../../../build/context/find-ignore-file.ts';
import { createIgnoreMatcher, parseIgnore } from '../../../build/context/ignore.ts';
import { scanContext } from '../../../build/context/scan-context.ts';
import { requireCredentials } from '../../../build/remote/require-credentials.ts';
import type { Builder, BuildOutcome, BuildRequest } from '../../engine.ts';
import type { Connector, EngineConnection } from '../connection.ts';
import { cancelled } from '../docker-client.ts';
import { brokenOff } from '../docker-errors.ts';
import type { EngineVersion } from '../engine-dialect.ts';
import { inspectImage, readImageHistory } from '../image-catalog.ts';
import { readHistory } from '../image-history.ts';
import { readJsonLines } from '../json-lines.ts';
import { type CredentialsFor, registryConfig } from '../registry-auth.ts';
import { buildError } from './build-errors.ts';
import { type BuildProgress, createBuildProgress } from './build-progress.ts';
import { buildQuery } from './build-query.ts';
import { createContextTar, placeDockerfile } from './context-tar.ts';
import { type EnginePlan, planForEngine } from './engine-plan.ts';
import { sizesOfSteps } from './layer-sizes.ts';
import { refuseOptions } from './refuse-options.ts';
import { openBuildSession } from './session/build-session.ts';
import { createStepTracker, type StepTracker } from './step-tracker.ts';

/** What a builder on an engine needs beside the engine. */
export interface EngineBuilderOptions {
  /** Name for people: "Docker". */
  readonly engine: string;
  readonly credentialsFor: CredentialsFor;
  /** Whether the engine builds with BuildKit (`version=2`); else its classic builder is used. */
  readonly hasBuildKit: (version: EngineVersion, apiVersion: string) => boolean;
}

/** One build under way. */
interface Job {
  readonly request: BuildRequest;
  readonly connection: EngineConnection;
  readonly signal: AbortSignal;
  readonly dockerfilePath: string;
  readonly dockerfileText: string;
  readonly planned: EnginePlan;
  readonly tracker: StepTracker;
}

/** Builds on an engine that speaks Docker's API, with BuildKit where it has it. */
export function createEngineBuilder(connector: Connector, options: EngineBuilderOptions): Builder {
  return {
    build: (asked, { signal, onEvent }) =>
      connector.use(async (connection) => {
        const request = { ...asked, contextPath: asked.place?.folder ?? asked.contextPath };
        refuseOptions(request.options, options.engine);
        requireCredentials(request.options);
        const apart = request.place?.dockerfile;
        const name = apart === undefined ? request.options.dockerfile || 'Dockerfile' : 'Dockerfile';
        const dockerfilePath = path.resolve(request.contextPath, name);
        const dockerfileText = apart?.text ?? (await readDockerfile(dockerfilePath));
        const { os, architecture } = connection.version;
        const platform = { os: os || 'linux', architecture: architecture || 'amd64' };
        const planned = planForEngine(dockerfileText, dockerfilePath, request.options, platform);
        const tracker = createStepTracker(planned, {
          engine: options.engine,
          noCache: request.options.noCache,
          // Engines show addresses as they were written.
          onEvent: (event) => onEvent(hideCredentialsIn(event)),
        });
        const job = { request, connection, signal, dockerfilePath, dockerfileText, planned, tracker };
        try {
          const outcome = await runBuild(job, options);
          return { ...outcome, steps: tracker.steps };
        } catch (error) {
          tracker.close(signal.aborted ? 'cancelled' : 'failed');
          throw signal.aborted ? cancelled(signal) : error;
        }
      }, signal),
  };
}

async function runBuild(job: Job, options: EngineBuilderOptions): Promise<Omit<BuildOutcome, 'steps'>> {
  const progress = createBuildProgress(job.tracker);
  const stream = options.hasBuildKit(job.connection.version, job.connection.apiVersion)
    ? await startBuildKit(job, options, progress)
    : await startClassic(job, options);
  try {
    for await (const message of readJsonLines(stream.response, options.engine)) progress.accept(message);
  } finally {
    stream.end();
  }
  const failure = progress.failure();
  if (failure !== null) {
    throw buildError({ ...failure, dockerfile: job.dockerfilePath, engine: options.engine });
  }
  const imageId = progress.imageId();
  if (imageId === null) throw brokenOff(new Error('The answer of the build names no image.'), options.engine);
  job.tracker.close('done');
  return finish(job, imageId);
}

interface StartedBuild {
  readonly response: Readable;
  /** Ends what was opened for the build; after a cancellation also the build itself. */
  end(): void;
}

/** BuildKit fetches the files through a session; where there is none it gets them as a tar. */
async function startBuildKit(
  job: Job,
  options: EngineBuilderOptions,
  progress: BuildProgress,
): Promise<StartedBuild> {
  const { connection, request, signal, dockerfilePath, dockerfileText } = job;
  const { contextPath, place } = request;
  const isFetched = place?.isFetched === true;
  const attributesOf = place?.attributesOf;
  const files = { contextPath, dockerfilePath, dockerfileText, isFetched, attributesOf };
  const session = await openBuildSession(connection.client, files, options.credentialsFor, signal);
  const buildId = randomUUID();
  const common = { ...buildQuery(request.options), version: 2, buildid: buildId };
  const end = () => {
    session?.close();
    // The engine also ends a build whose connection is gone; this tells it at once.
    if (signal.aborted) void cancelBuild(connection, buildId);
  };
  try {
    if (session === null) {
      const { upload, dockerfile } = await packContext(job);
      const query = { ...common, dockerfile };
      return {
        response: await connection.client.stream({ method: 'POST', path: '/build', query, upload, signal }),
        end,
      };
    }
    progress.expectSession();
    const query = {
      ...common,
      remote: 'client-session',
      session: session.id,
      dockerfile: path.basename(dockerfilePath),
    };
    return {
      response: await connection.client.stream({ method: 'POST', path: '/build', query, signal }),
      end,
    };
  } catch (error) {
    end();
    throw error;
  }
}

async function startClassic(job: Job, options: EngineBuilderOptions): Promise<StartedBuild> {
  const { connection, request, signal, planned } = job;
  const { upload, dockerfile } = await packContext(job);
  const response = await connection.client.stream({
    method: 'POST',
    path: '/build',
    // `layers` makes Buildah keep and use its cache, as Docker does by itself.
    query: { ...buildQuery(request.options), dockerfile, rm: true, forcerm: true, layers: true },
    registryConfig: await registryConfig(baseDomains(planned), options.credentialsFor),
    upload,
    signal,
  });
  return { response, end: () => {} };
}

async function packContext(job: Job): Promise<{ upload: Readable; dockerfile: string }> {
  const { request, signal, dockerfilePath, dockerfileText } = job;
  const ignoreFile = request.place?.isFetched
    ? null
    : await findIgnoreFile(request.contextPath, dockerfilePath);
  const ignoreText = ignoreFile?.text ?? '';
  const matcher = createIgnoreMatcher(parseIgnore(ignoreText));
  const listing = await scanContext(request.contextPath, { matcher, signal });
  const context = { listing, attributesOf: request.place?.attributesOf };
  const dockerfile = placeDockerfile(listing, dockerfilePath, dockerfileText);
  return { upload: createContextTar(context, dockerfile, ignoreText, signal), dockerfile: dockerfile.path };
}

async function cancelBuild(connection: EngineConnection, buildId: string): Promise<void> {
  try {
    await connection.client.json({ method: 'POST', path: '/build/cancel', query: { id: buildId } });
  } catch {
    // The build had ended already, or the engine is gone: there is nothing left to cancel.
  }
}

async function finish(job: Job, imageId: string): Promise<Omit<BuildOutcome, 'steps'>> {
  const { connection, request, planned, tracker, signal } = job;
  const tags = request.options.tags.map((tag) => familiarReference(withDefaultTag(parseReference(tag))));
  const inspect = await inspectImage(connection, imageId, signal);
  const history = await readImageHistory(connection, inspect.Id, signal);
  const lines = readHistory(history, inspect.RootFS?.Layers.length ?? 0);
  for (const [index, size] of sizesOfSteps(planned, lines)) tracker.resize(index, size);
  return { digest: inspect.Descriptor?.digest ?? inspect.Id, imageId: inspect.Id, tags };
}

async function readDockerfile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const readable = contextReadError(error, file);
    if (!(readable instanceof AppError) || readable.code !== 'not-found') throw readable;
    throw new AppError('not-found', `There is no Dockerfile at ${file}.`, {
      hint: 'Choose the Dockerfile in the build options, or add one to the project.',
      detail: { kind: 'path', path: file },
      cause: error,
    });
  }
}

/** The registries of the bases: a classic build gets their credentials beforehand. */
function baseDomains({ plan, bases, baseStages }: EnginePlan): string[] {
  return plan.stages.flatMap(({ index }) => {
    const base = bases.get(index);
    if (base === undefined || base.toLowerCase() === 'scratch' || baseStages.has(index)) return [];
    return [parseReference(base).domain];
  });
}
