import { text } from 'node:stream/consumers';
import { runCommandLine } from './run-command-line.ts';
import { tuneCompiler } from './tune-compiler.ts';

tuneCompiler();

/** Ctrl-C cancels the work; a second one ends the process at once. */
const controller = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => {
    controller.abort();
    process.once(name, () => process.exit(130));
  });
}

// A reader that goes away (`strata images | head -1`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await runCommandLine(process.argv.slice(2), {
  signal: controller.signal,
  env: process.env,
  cwd: process.cwd(),
  readInput: () => text(process.stdin),
  openInput: () => process.stdin,
});
