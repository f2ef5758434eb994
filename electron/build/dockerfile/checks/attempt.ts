import { AppError } from '#shared/errors/app-error.ts';

/** The result, or null where the Dockerfile is wrong: errors are for the build to tell, a check only looks on. */
export function attempt<T>(run: () => T): T | null {
  try {
    return run();
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
