import { AppError } from '#shared/errors/app-error.ts';

/** The error codes of the distribution specification that this endpoint uses. */
export type SpecCode =
  | 'BLOB_UNKNOWN'
  | 'BLOB_UPLOAD_INVALID'
  | 'BLOB_UPLOAD_UNKNOWN'
  | 'DENIED'
  | 'DIGEST_INVALID'
  | 'MANIFEST_BLOB_UNKNOWN'
  | 'MANIFEST_INVALID'
  | 'MANIFEST_UNKNOWN'
  | 'NAME_INVALID'
  | 'NAME_UNKNOWN'
  | 'SIZE_INVALID'
  | 'TOOMANYREQUESTS'
  | 'UNSUPPORTED'
  | 'UNKNOWN';

/** A refusal as a client of a registry gets it: status, code and words (distribution-spec, error codes). */
export class SpecError extends Error {
  readonly status: number;
  readonly code: SpecCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: SpecCode,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'SpecError';
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

const FULL = { 'disk-full': 507, 'read-only': 403, permission: 403 } as const;

/** Any thrown thing as a refusal; null for what nobody expected, which is told by its stack instead. */
export function toSpecError(error: unknown): SpecError | null {
  if (error instanceof SpecError) return error;
  if (!(error instanceof AppError)) return null;
  const words = error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
  const status = FULL[error.code as keyof typeof FULL];
  if (status !== undefined) return new SpecError(status, status === 403 ? 'DENIED' : 'UNKNOWN', words);
  if (error.code === 'digest-mismatch') return new SpecError(400, 'DIGEST_INVALID', words);
  return null;
}

/** The body of a refusal. */
export function errorBody({ code, message }: SpecError): string {
  return JSON.stringify({ errors: [{ code, message }] });
}
