import type { AppError } from '#shared/errors/app-error.ts';
import type { RegistryResponse } from './request.ts';

/** The registry failed for the moment; `failed` is the error to throw when it goes on failing. */
export class TryAgain extends Error {
  readonly response: RegistryResponse;
  readonly failed: AppError;
  /** The bytes that arrived were other ones. */
  readonly isSpoilt: boolean;

  constructor(response: RegistryResponse, failed: AppError) {
    super(wordsForStatus(response.status));
    this.response = response;
    this.failed = failed;
    this.isSpoilt = response.status < 500 && response.status !== 429 && response.status !== 408;
  }
}

/** Why a request with an answer of this status is tried again, as it stands beside a layer. */
export function wordsForStatus(status: number): string {
  if (status === 429) return 'the registry asks to wait';
  if (status === 408) return 'the registry waited too long for it';
  if (status < 500) return 'other bytes arrived than were sent';
  return [502, 503, 504].includes(status)
    ? `the registry is not ready (status ${status})`
    : `the registry failed (status ${status})`;
}
