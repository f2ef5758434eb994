import { ORPCError } from '@orpc/client';
import type { ErrorView } from '#shared/contract/common.ts';

/** The error a call of the contract rejects with when the host answers FAILED. */
export function failWith(error: ErrorView): ORPCError<'FAILED', ErrorView> {
  return new ORPCError('FAILED', { defined: true, status: 422, message: error.message, data: error });
}
