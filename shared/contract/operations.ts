import { z } from 'zod';
import { buildStep, platformImage } from './builds.ts';
import { base, errorView, nothing, streamOf } from './common.ts';
import { verifyReport } from './verify.ts';

/** How far one blob of a pull or push is. */
export const transferBlob = z.object({
  digest: z.string(),
  /** What made the layer, or `config` / `manifest`. */
  label: z.string(),
  size: z.number(),
  done: z.number(),
  state: z.enum(['waiting', 'exists', 'mounted', 'transferring', 'retrying', 'verifying', 'done', 'failed']),
  note: z.string().optional(),
  /** When a blob in state `retrying` is tried again, milliseconds since 1970. */
  retryAt: z.number().optional(),
});
export type TransferBlob = z.infer<typeof transferBlob>;

export const operationState = z.enum(['running', 'done', 'failed', 'cancelled']);

/** What long work came to, by its kind. */
export const operationResult = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('build'),
    buildId: z.string(),
    digest: z.string(),
    imageId: z.string(),
    tags: z.array(z.string()),
    platforms: z.array(platformImage).optional(),
  }),
  z.object({
    kind: z.literal('pull'),
    reference: z.string(),
    digest: z.string(),
    /** What to know of a pull that went well otherwise. */
    notice: z.string().optional(),
  }),
  z.object({
    kind: z.literal('push'),
    reference: z.string(),
    digest: z.string(),
    pinned: z.string(),
    /** Of a copy between registries: what was copied. */
    from: z.string().optional(),
  }),
  z.object({
    kind: z.literal('save'),
    path: z.string().nullable(),
    url: z.string().nullable(),
    bytes: z.number(),
  }),
  z.object({ kind: z.literal('load'), references: z.array(z.string()), digest: z.string() }),
  z.object({
    kind: z.literal('send'),
    /** Name for people of the engine that has it now. */
    engine: z.string(),
    /** What the engine calls it. */
    reference: z.string(),
    digest: z.string(),
    /** Of the config: the same on both sides. */
    imageId: z.string(),
    /** The engine had it already. */
    wasThere: z.boolean(),
    /** A command line that runs it there. */
    run: z.string(),
  }),
  z.object({
    kind: z.literal('take'),
    engine: z.string(),
    references: z.array(z.string()),
    digest: z.string(),
    imageId: z.string(),
    /** Its layers came unpacked and were compressed here: at a registry they may have other digests. */
    repacked: z.boolean(),
    wasHere: z.boolean(),
  }),
  z.object({ kind: z.literal('prune'), freedBytes: z.number() }),
  z.object({ kind: z.literal('verify'), report: verifyReport }),
  z.object({ kind: z.literal('none') }),
]);

export const operation = z.object({
  id: z.string(),
  kind: z.enum([
    'build',
    'pull',
    'push',
    'save',
    'load',
    'send',
    'take',
    'read',
    'prune',
    'sample',
    'verify',
  ]),
  title: z.string(),
  state: operationState,
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  /** Overall progress; null where it cannot be known. */
  progress: z.object({ done: z.number(), total: z.number(), unit: z.enum(['bytes', 'steps']) }).nullable(),
  /** A question to a registry that is asked again at a time, milliseconds since 1970. */
  waiting: z.object({ why: z.string(), at: z.number() }).nullish(),
  error: errorView.nullable(),
  result: operationResult.nullable(),
  buildId: z.string().nullable(),
});
export type Operation = z.infer<typeof operation>;

/** Everything a page needs to draw an operation it joins late. */
export const operationSnapshot = z.object({
  operation,
  steps: z.array(buildStep),
  blobs: z.array(transferBlob),
});

/**
 * One event of an operation. `seq` rises by one; each event carries the full state of what changed, so that
 * a repeat is harmless. The first event of a subscription is always `snapshot`.
 */
export const operationEvent = z.discriminatedUnion('type', [
  z.object({ seq: z.number(), type: z.literal('snapshot'), snapshot: operationSnapshot }),
  z.object({ seq: z.number(), type: z.literal('operation'), operation }),
  z.object({ seq: z.number(), type: z.literal('step'), step: buildStep }),
  /** Text appended to the log of one step at `offset` (UTF-16 units from its start). */
  z.object({
    seq: z.number(),
    type: z.literal('log'),
    step: z.number(),
    offset: z.number(),
    text: z.string(),
  }),
  z.object({ seq: z.number(), type: z.literal('blob'), blob: transferBlob }),
]);
export type OperationEvent = z.infer<typeof operationEvent>;

const byId = z.object({ id: z.string() });

export const operations = {
  /** Running ones and those that ended since the host started, newest first. */
  list: base.output(z.array(operation)),
  /** The whole story of one operation: a snapshot, then events until it ends. */
  watch: base.input(byId).output(streamOf(operationEvent)),
  /** Every change of any operation's outer state, for the status bar. */
  feed: base.output(streamOf(operation)),
  cancel: base.input(byId).output(nothing),
  /** Does not wait for the time of the next try. */
  retryNow: base.input(byId).output(nothing),
  dismiss: base.input(byId).output(nothing),
};
