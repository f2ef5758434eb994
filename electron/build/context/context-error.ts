import { AppError } from '#shared/errors/app-error.ts';
import { errnoOf } from '../../platform/file-errors.ts';

/** The error to throw when something of the build context could not be read. */
export function contextReadError(error: unknown, path: string): unknown {
  const code = errnoOf(error);
  const options = { detail: { kind: 'path', path }, cause: error } as const;
  if (code === 'EACCES' || code === 'EPERM') {
    return new AppError('permission', `There is no permission to read ${path}.`, {
      hint: 'Change its mode, or name it in .dockerignore if the build does not need it.',
      ...options,
    });
  }
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new AppError('not-found', `${path} does not exist.`, {
      hint: 'It may have been removed while it was read: try again.',
      ...options,
    });
  }
  if (code === 'ENAMETOOLONG') {
    return new AppError('unsupported', `The path ${path.slice(0, 120)}… is too long for this system.`, {
      hint: 'Shorten names or depth, or name the folder in .dockerignore if the build does not need it.',
      cause: error,
    });
  }
  return error;
}
