import { ORPCError } from '@orpc/server';
import { AppError, isCancelled } from '#shared/errors/app-error.ts';
import { toErrorView } from '#shared/errors/error-view.ts';

interface Call {
  readonly path: readonly string[];
  readonly signal?: AbortSignal | undefined;
  next(): Promise<unknown>;
}

/**
 * The one place where thrown things become the contract's `FAILED`: wraps each call, and each stream it
 * answers. What is no AppError is given to `report` with its stack; the page gets the message alone.
 */
export function typedErrors(report: (error: unknown) => void): (call: Call) => Promise<unknown> {
  return async (call) => {
    const translate = (error: unknown): unknown => toFailed(error, call, report);
    try {
      const output = await call.next();
      return isAsyncIterator(output) ? translated(output, translate) : output;
    } catch (error) {
      throw translate(error);
    }
  };
}

function toFailed(error: unknown, call: Call, report: (error: unknown) => void): unknown {
  const known = fromProtocol(error, call.path);
  if (!(known instanceof AppError) && !isCancelled(known)) report(known);
  const view = toErrorView(known);
  return new ORPCError('FAILED', { status: 422, message: view.message, data: view, cause: error });
}

/** Input that does not fit the contract is `invalid-input`; output that does not fit is our own mistake. */
function fromProtocol(error: unknown, path: readonly string[]): unknown {
  if (!(error instanceof ORPCError)) return error;
  if (error.code !== 'BAD_REQUEST') return error.cause ?? error;
  return new AppError(
    'invalid-input',
    `${path.join('.')} was asked with input that does not fit: ${issuesOf(error)}`,
    {
      hint: 'Reload the page; it may be older than the program that serves it.',
      cause: error,
    },
  );
}

function issuesOf(error: ORPCError<string, unknown>): string {
  const issues = (error.data as { issues?: { message: string; path?: PropertyKey[] }[] } | undefined)?.issues;
  if (issues === undefined || issues.length === 0) return error.message;
  return issues
    .slice(0, 3)
    .map((issue) => [issue.path?.map(String).join('.'), issue.message].filter(Boolean).join(': '))
    .join('; ');
}

function isAsyncIterator(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

async function* translated(
  source: AsyncIterable<unknown>,
  translate: (error: unknown) => unknown,
): AsyncGenerator<unknown> {
  try {
    yield* source;
  } catch (error) {
    throw translate(error);
  }
}
