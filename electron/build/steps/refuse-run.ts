import type { RunInstruction } from '../dockerfile/ast.ts';
import { sourceError } from '../dockerfile/source-error.ts';
import type { StepContext } from './step-context.ts';

/**
 * Refuses by name and line what this engine or this build does not let a RUN do: a build asks before its first step, so
 * that nothing is pulled or run in vain. Throws `dockerfile-invalid`.
 */
export function refuseRun(
  { flags, range }: RunInstruction,
  { dockerfile, allows }: Pick<StepContext, 'dockerfile' | 'allows'>,
): void {
  const place = { path: dockerfile.path, range };
  if (flags.devices.length > 0)
    throw sourceError(
      place,
      'RUN --device is not supported by the built-in engine yet.',
      'Build with the Docker engine, or write the step in another way.',
    );
  if (flags.security !== 'insecure' || allows('security.insecure')) return;
  throw sourceError(
    place,
    'This step asks for all rights of the machine (--security=insecure), which the build does not allow.',
    'If you trust the Dockerfile, build with --allow security.insecure; else remove the flag.',
  );
}
