import { AppError } from '#shared/errors/app-error.ts';

const NO_SPACE = new Set(['ENOSPC', 'EDQUOT']);

/** The system's error code (`ENOENT`), undefined when `error` is none of the system's. */
export function errnoOf(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** Whether `error` says that a path does not exist. */
export function isMissing(error: unknown): boolean {
  const code = errnoOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** The error to throw when writing `path` failed: full disk, read-only and missing rights in plain words. */
export function writeError(error: unknown, path: string): unknown {
  const code = errnoOf(error);
  const detail = { kind: 'path', path } as const;
  if (code !== undefined && NO_SPACE.has(code)) {
    return new AppError('disk-full', `There is no space left to write ${path}.`, {
      hint: 'Free some space, or clean up with "strata prune" or the Storage screen, then try again. Nothing that was stored is lost.',
      detail,
      cause: error,
    });
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return new AppError('invalid-input', `${path} cannot be made: a file is where a folder should be.`, {
      hint: 'Move the file away, or set STRATA_HOME to another folder.',
      detail,
      cause: error,
    });
  }
  if (code === 'EROFS') {
    return new AppError('read-only', `${path} is on a read-only file system.`, {
      hint: 'Set STRATA_HOME to a folder that can be written.',
      detail,
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new AppError('permission', `There is no permission to write ${path}.`, {
      hint: 'Change its owner or mode, or set STRATA_HOME to a folder of your own.',
      detail,
      cause: error,
    });
  }
  return error;
}
