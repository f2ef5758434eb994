import { text } from 'node:stream/consumers';
import { endWithReader } from '../handover/end-with-reader.ts';
import { runCommandLine } from './run-command-line.ts';
import { tuneCompiler } from './tune-compiler.ts';

/** Runs the command line of this process in it; Ctrl-C cancels the work, a second one ends the process at once. */
export function runHere(): Promise<number> {
  tuneCompiler();
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
