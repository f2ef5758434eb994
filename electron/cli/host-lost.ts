import { AppError } from '#shared/errors/app-error.ts';
import { createOutput } from './output.ts';

/** Tells that the app which had taken the build ended before it; answers the exit code. */
export function tellHostLost(words: readonly string[]): number {
  const error = new AppError('busy', 'The Strata app that was building this ended before the build did.', {
    hint: 'Run the same command again: steps that were done are kept. With STRATA_STANDALONE=1 the terminal builds without the app.',
  });
  createOutput(words.includes('--json'), process).fail(error);
  return 1;
}
