import { hideCredentials, hideCredentialsIn } from '../format/hide-credentials.ts';

/** The closed set of reasons for which Strata refuses or fails; the page and the CLI switch over it. */
export const ERROR_CODES = [
  'invalid-input',
  'not-found',
  'conflict',
  'cancelled',
  'dockerfile-invalid',
  'step-failed',
  'base-not-found',
  'unsupported',
  'unauthorized',
  'forbidden',
  'registry-unreachable',
  'registry-error',
  'rate-limited',
  'tls',
  'digest-mismatch',
  'malformed',
  'unsafe-archive',
  'tag-moved',
  'disk-full',
  'read-only',
  'permission',
  'engine-unavailable',
  'sandbox-unavailable',
  'busy',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** A place in a Dockerfile. Lines count from 1, columns from 0; `endColumn` is exclusive. */
export interface SourceRange {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** What a program needs beside the words: typed by `kind`, absent where the words say it all. */
export type ErrorDetail =
  | { readonly kind: 'source'; readonly path: string; readonly range: SourceRange }
  | {
      readonly kind: 'step';
      readonly line: number;
      readonly instruction: string;
      readonly exitCode: number | null;
      readonly signal: string | null;
    }
  | {
      readonly kind: 'registry';
      readonly host: string;
      readonly repository?: string | undefined;
      readonly status?: number | undefined;
      readonly registryCode?: string | undefined;
      /** What the system or the connection said, word for word: `connect ECONNREFUSED 127.0.0.1:5000`. */
      readonly reason?: string | undefined;
    }
  | { readonly kind: 'digest'; readonly expected: string; readonly actual: string }
  | { readonly kind: 'tag'; readonly reference: string; readonly current: string; readonly wanted: string }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'engine'; readonly engine: string };

export interface AppErrorOptions {
  /** What the reader can do about it, one sentence. */
  readonly hint?: string | undefined;
  readonly detail?: ErrorDetail | undefined;
  readonly cause?: unknown;
}

/**
 * The one error type that crosses a boundary. `message` says what happened, `hint` what to do. Of addresses it never
 * holds the user and the password, wherever it is shown or kept.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly detail: ErrorDetail | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(hideCredentials(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.hint = options.hint === undefined ? undefined : hideCredentials(options.hint);
    this.detail = hideCredentialsIn(options.detail);
  }
}

/** Whether `error` means that somebody cancelled: an aborted signal or our own `cancelled`. */
export function isCancelled(error: unknown): boolean {
  if (error instanceof AppError) return error.code === 'cancelled';
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
}
