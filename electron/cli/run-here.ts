import { text } from 'node:stream/consumers';
import { AppError } from '#shared/errors/app-error.ts';
import { endWithReader } from '../handover/end-with-reader.ts';
import { createOutput } from './output.ts';
import { runCommandLine } from './run-command-line.ts';
import { tuneV8 } from './tune-v8.ts';

/** Runs the command line of this process in it; Ctrl-C cancels the work, a second one ends the process at once. */
export function runHere(): Promise<number> {
  tuneV8();
  endWithReader(process.stdout);
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      controller.abort();
      process.once(name, () => process.exit(130));
    });
  }
  return runCommandLine(process.argv.slice(2), {
    signal: controller.signal,
    env: process.env,
    cwd: process.cwd(),
    readInput: () => text(process.stdin),
    openInput: () => process.stdin,
  });
}

/** Tells that the app which had taken the build ended before it; answers the exit code. */
export function tellHostLost(words: readonly string[]): number {
  const error = new AppError('busy', 'The Strata app that was building this ended before the build did.', {
    hint: 'Run the same command again: steps that were done are kept. With STRATA_STANDALONE=1 the terminal builds without the app.',
  });
  createOutput(words.includes('--json'), process).fail(error);
  return 1;
}
