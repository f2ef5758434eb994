import { ORPCError } from '@orpc/client';
import type { ErrorView } from '#shared/contract/common.ts';

/** Whether a call failed with the contract's typed error, which carries an ErrorView as `data`. */
export function isFailed(error: unknown): error is ORPCError<'FAILED', ErrorView> {
  return error instanceof ORPCError && error.code === 'FAILED' && isErrorView(error.data);
}

/** Whether a call ended because the page itself stopped it. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** What went wrong, in words for people, whatever was thrown. */
export function toErrorView(error: unknown): ErrorView {
  if (isFailed(error)) return error.data;
  if (isErrorView(error)) return error;
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST')
    return { code: 'invalid-input', message: 'Strata did not accept this input.', hint: error.message };
  if (isAbort(error) || error instanceof ConnectionLost)
    return {
      code: 'internal',
      message: 'The connection to Strata was lost before the answer came.',
      hint: 'It connects again by itself; then try once more.',
    };
  const words = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message: `Something went wrong inside Strata: ${words}` };
}

/** A call could not be sent or answered because the host is away. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

function isErrorView(value: unknown): value is ErrorView {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    'message' in value &&
    typeof value.code === 'string' &&
    typeof value.message === 'string' &&
    !(value instanceof Error)
  );
}
