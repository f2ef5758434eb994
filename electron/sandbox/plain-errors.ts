import type { StepRequest } from './step-request.ts';

/** What unshare of the host says when it cannot enter the working directory or run the command. */
const UNSHARE = /^unshare: /;

/**
 * The same listener, but an error of the program that starts the step names the step's problem, not the
 * program: `exec: failed to execute /bin/bash: No such file or directory`.
 */
export function withPlainErrors(onOutput: StepRequest['onOutput']): StepRequest['onOutput'] {
  let isFirst = true;
  return (chunk, stream) => {
    const text =
      isFirst && stream === 'stderr' && chunk.length < 4096 ? Buffer.from(chunk).toString('latin1') : '';
    isFirst = false;
    return onOutput(
      UNSHARE.test(text) ? Buffer.from(text.replace(UNSHARE, 'exec: '), 'latin1') : chunk,
      stream,
    );
  };
}
