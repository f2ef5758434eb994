import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { cancelled } from '../../../image/abortable.ts';
import { errnoOf, writeError } from '../../../platform/file-errors.ts';

/** A lock that is held; the system lets go of it when this process dies in whatever way. */
export interface FileLock {
  release(): Promise<void>;
}

export interface LockOptions {
  /** Shared locks exclude exclusive ones only. */
  readonly shared: boolean;
  /** False: do not wait while somebody holds it. */
  readonly wait: boolean;
  readonly signal: AbortSignal;
}

/**
 * Locks a file between processes, by flock(1) of util-linux, which sandboxes need anyway: Node cannot. The file is
 * made when it is missing and stays. Null when another holds the lock and `wait` is false. Throws `cancelled`,
 * `sandbox-unavailable` without the program.
 */
export async function lockFile(path: string, options: LockOptions): Promise<FileLock | null> {
  await mkdir(dirname(path), { recursive: true }).catch((error) => {
    throw writeError(error, path);
  });
  const args = [
    options.shared ? '--shared' : '--exclusive',
    ...(options.wait ? [] : ['--nonblock']),
    path,
    'cat',
  ];
  // A session of its own: a Ctrl-C must not free the lock before the step has ended.
  const child = spawn('flock', args, { stdio: ['pipe', 'pipe', 'ignore'], detached: true });
  const closed = new Promise<Error | null>((resolve) => {
    child.once('error', resolve);
    child.once('close', () => resolve(null));
  });
  child.stdin.on('error', () => undefined);
  // Comes back once the lock is held and cat runs.
  child.stdin.write('.');
  const stop = () => child.kill('SIGKILL');
  options.signal.addEventListener('abort', stop, { once: true });
  if (options.signal.aborted) stop();
  const held = new Promise<true>((resolve) => child.stdout.once('data', () => resolve(true)));
  const outcome = await Promise.race([held, closed]);
  options.signal.removeEventListener('abort', stop);
  if (options.signal.aborted) {
    child.stdin.end();
    await closed;
    throw cancelled();
  }
  if (outcome instanceof Error) throw noProgram(outcome);
  if (outcome === null) return null;
  return {
    release: async () => {
      child.stdin.end();
      await closed;
    },
  };
}

function noProgram(cause: Error): AppError {
  const missing = errnoOf(cause) === 'ENOENT';
  return new AppError('sandbox-unavailable', `Cache mounts need the program flock: ${cause.message}`, {
    hint: missing ? 'Install util-linux.' : undefined,
    cause,
  });
}
