import { z } from 'zod';
import { base, errorView, nothing, startedOperation } from './common.ts';
import { buildOptions, reason } from './projects.ts';

/** One step of a build as the page shows it, while it runs and afterwards. */
export const buildStep = z.object({
  /** Position in the build, from 0: the id that logs and events refer to. */
  index: z.number().int(),
  stage: z.string(),
  /** Of a build for several platforms: the one it is a step for, such as `linux/arm64`. */
  platform: z.string().optional(),
  line: z.number(),
  endLine: z.number(),
  instruction: z.string(),
  status: z.enum(['waiting', 'running', 'hit', 'miss', 'failed', 'cancelled']),
  ms: z.number(),
  /** Bytes of the compressed layer, 0 for a step that makes none. */
  size: z.number(),
  reasons: z.array(reason),
  /** Of a hit: what the step took when it was built, in ms. */
  savedMs: z.number().optional(),
  exitCode: z.number().nullable().optional(),
  /** When it began, in ms since the build did; the time it waited for other stages is left out before it. */
  startedAt: z.number().optional(),
  /** Secrets, cache mounts and agents it gets, in words: their content does not count for the cache. */
  uncounted: z.array(z.string()).optional(),
  /** Digest of the layer it made or was given by the cache; absent where it has none or it is not known. */
  layer: z.string().optional(),
});
export type BuildStep = z.infer<typeof buildStep>;

/** The image of one platform of a build for several. */
export const platformImage = z.object({ platform: z.string(), digest: z.string(), imageId: z.string() });
export type PlatformImage = z.infer<typeof platformImage>;

export const buildSummary = z.object({
  id: z.string(),
  projectId: z.string().nullable(),
  name: z.string(),
  contextPath: z.string(),
  engine: z.string(),
  tags: z.array(z.string()),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  startedAt: z.number(),
  ms: z.number().nullable(),
  steps: z.number(),
  hits: z.number(),
  /** Time the cache saved: the sum of what the hit steps took when they were last built. */
  savedMs: z.number(),
  digest: z.string().nullable(),
  imageId: z.string().nullable(),
  /** Of a build for several platforms, whose `digest` is that of the index: what the index lists. */
  platforms: z.array(platformImage).optional(),
});
export type BuildSummary = z.infer<typeof buildSummary>;

export const buildDetail = buildSummary.extend({
  dockerfile: z.string(),
  options: buildOptions,
  stepList: z.array(buildStep),
  error: errorView.nullable(),
  operationId: z.string().nullable(),
});
export type BuildDetail = z.infer<typeof buildDetail>;

/** A step of two builds side by side; null: that build does not have it. */
export const comparedStep = z.object({
  stage: z.string(),
  before: buildStep.nullable(),
  after: buildStep.nullable(),
  change: z.enum(['same', 'edited', 'added', 'removed']),
  /** `none`: neither build made a layer of it; `unknown`: at least one of them does not say. */
  layer: z.enum(['same', 'changed', 'none', 'unknown']),
});
export type ComparedStep = z.infer<typeof comparedStep>;

/** How a build differs from another one. */
export const buildComparison = z.object({
  before: buildSummary,
  after: buildSummary,
  sameImage: z.boolean(),
  sameDockerfile: z.boolean(),
  /** Options that differ; null where one is not set. Values of secrets are not shown. */
  options: z.array(
    z.object({ name: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
  ),
  /** In the order of the second build. */
  steps: z.array(comparedStep),
});
export type BuildComparison = z.infer<typeof buildComparison>;

/** Forms of a build's trace: for chrome://tracing and Perfetto, or OTLP's JSON for collectors of OpenTelemetry. */
export const traceFormat = z.enum(['chrome', 'otlp']);
export type TraceFormat = z.infer<typeof traceFormat>;

/** Where a file was saved: its path on the desktop, a one-time address elsewhere; both null: cancelled. */
const savedFile = z.object({ path: z.string().nullable(), url: z.string().nullable() });

export const builds = {
  /** Begins a build of a project with these options; they are remembered for the project. */
  start: base
    .input(z.object({ projectId: z.string(), options: buildOptions }))
    .output(startedOperation.extend({ buildId: z.string() })),
  /**
   * Builds twice with these options, in two new stores without a cache, and compares every file; the operation's result
   * is the report. Nothing is kept, and the options are not remembered.
   */
  verify: base.input(z.object({ projectId: z.string(), options: buildOptions })).output(startedOperation),
  /** Newest first. */
  list: base.input(z.object({ projectId: z.string().optional() })).output(z.array(buildSummary)),
  get: base.input(z.object({ id: z.string() })).output(buildDetail),
  /** The log of one step from `offset` (UTF-16 units); `next` is where to go on, `done` when it is complete. */
  log: base
    .input(z.object({ id: z.string(), step: z.number().int(), offset: z.number().int().default(0) }))
    .output(z.object({ text: z.string(), next: z.number(), done: z.boolean() })),
  remove: base.input(z.object({ ids: z.array(z.string()) })).output(nothing),
  /** Step by step: hit or miss, time, size, layer; and what was asked differently. */
  compare: base.input(z.object({ before: z.string(), after: z.string() })).output(buildComparison),
  /** Saves the build's trace. */
  trace: base.input(z.object({ id: z.string(), format: traceFormat.default('chrome') })).output(savedFile),
  /** Saves the whole log of a step, or with `step` null of all steps, as text. */
  saveLog: base.input(z.object({ id: z.string(), step: z.number().int().nullable() })).output(savedFile),
};
