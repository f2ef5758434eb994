import { AppError, type SourceRange } from '#shared/errors/app-error.ts';

/** Where in which Dockerfile something stands. */
export interface SourcePlace {
  readonly path: string;
  readonly range: SourceRange;
}

/** A `dockerfile-invalid` error that points at its place. */
export function sourceError(place: SourcePlace, message: string, hint?: string): AppError {
  return new AppError('dockerfile-invalid', message, {
    hint,
    detail: { kind: 'source', path: place.path, range: place.range },
  });
}
