import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { ERROR_CODES } from '../errors/app-error.ts';

export const sourceRange = z.object({
  line: z.number().int(),
  column: z.number().int(),
  endLine: z.number().int(),
  endColumn: z.number().int(),
});

export const errorDetail = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('source'), path: z.string(), range: sourceRange }),
  z.object({
    kind: z.literal('step'),
    line: z.number(),
    instruction: z.string(),
    exitCode: z.number().nullable(),
    signal: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('registry'),
    host: z.string(),
    repository: z.string().optional(),
    status: z.number().optional(),
    registryCode: z.string().optional(),
    reason: z.string().optional(),
  }),
  z.object({ kind: z.literal('digest'), expected: z.string(), actual: z.string() }),
  z.object({ kind: z.literal('tag'), reference: z.string(), current: z.string(), wanted: z.string() }),
  z.object({ kind: z.literal('path'), path: z.string() }),
  z.object({ kind: z.literal('engine'), engine: z.string() }),
]);

/** An AppError as it crosses the boundary. */
export const errorView = z.object({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  hint: z.string().optional(),
  detail: errorDetail.optional(),
});
export type ErrorView = z.infer<typeof errorView>;

/** The base of every procedure: it may fail with one typed error, `FAILED`, that carries an {@link errorView}. */
export const base = oc.errors({ FAILED: { status: 422, data: errorView } });

/** A stream of values that ends when the caller aborts. */
export const streamOf = eventIterator;

/** Which engine holds a thing: `builtin`, `docker` or `podman`. */
export const engineId = z.string().min(1).max(100);

/** Where an image is: an engine, and a reference, digest or image ID there. */
export const imageAddress = z.object({ engine: engineId, ref: z.string().min(1).max(600) });
export type ImageAddress = z.infer<typeof imageAddress>;

export const platform = z.object({
  os: z.string(),
  architecture: z.string(),
  variant: z.string().optional(),
  osVersion: z.string().optional(),
});

/** The answer of a procedure that begins long work: watch it with `operations.watch`. */
export const startedOperation = z.object({ operationId: z.string() });
export const nothing = z.object({});
