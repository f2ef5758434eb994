import { spawn } from 'node:child_process';
import { AppError } from '#shared/errors/app-error.ts';
import { cancelled } from '../../image/abortable.ts';
import { errnoOf } from '../../platform/file-errors.ts';

/** What git may use to sign in. */
export interface GitAccess {
  /** Sent as Authorization to what is at `scope`, and to no other server that a repository names. */
  readonly authorization?: string | undefined;
  /** Scheme, host and port of the remote. */
  readonly scope?: string | undefined;
  /** Socket of an ssh agent. */
  readonly agent?: string | undefined;
}

export interface GitRun {
  readonly cwd: string;
  readonly access: GitAccess;
  readonly signal: AbortSignal;
}

/**
 * Runs the system's git and gives its output. The settings of the user and the machine do not count, so that the
 * same commit gives the same files everywhere; nothing is ever asked at a terminal. Throws `not-found` with what
 * git said, `unsupported` without git, `cancelled`.
 */
export async function runGit(args: readonly string[], { cwd, access, signal }: GitRun): Promise<string> {
  if (signal.aborted) throw cancelled();
  const child = spawn('git', ['-c', 'core.autocrlf=false', '-c', 'advice.detachedHead=false', ...args], {
    cwd,
    env: gitEnvironment(access),
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  let output = '';
  let complaint = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString('utf8')).slice(-2000);
  });
  const ended = await new Promise<Error | number | null>((resolve) => {
    child.once('error', resolve);
    child.once('close', resolve);
  });
  if (ended === 0) return output;
  if (signal.aborted) throw cancelled();
  if (ended instanceof Error && errnoOf(ended) === 'ENOENT') {
    throw new AppError(
      'unsupported',
      'ADD of a git repository needs the program git, which is not installed.',
      {
        hint: 'Install git.',
        cause: ended,
      },
    );
  }
  throw new AppError('not-found', `git could not do it: ${lastLine(complaint)}`, {
    hint: 'Check the address, the reference, and that git may sign in (secret GIT_AUTH_TOKEN, or --ssh default).',
    cause: ended instanceof Error ? ended : undefined,
  });
}

function gitEnvironment({ authorization, scope = '', agent }: GitAccess): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG, HTTPS_PROXY, HTTP_PROXY, NO_PROXY, https_proxy, http_proxy, no_proxy } =
    process.env;
  return {
    ...{ PATH, HOME, LANG, HTTPS_PROXY, HTTP_PROXY, NO_PROXY, https_proxy, http_proxy, no_proxy },
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_SSH_COMMAND: 'ssh -o BatchMode=yes',
    // Never a program or a folder of this machine, whatever a repository's submodules name.
    GIT_ALLOW_PROTOCOL: 'http:https:ssh:git',
    ...(agent === undefined ? {} : { SSH_AUTH_SOCK: agent }),
    ...(authorization === undefined
      ? {}
      : {
          GIT_CONFIG_COUNT: '1',
          GIT_CONFIG_KEY_0: `http.${scope}/.extraheader`,
          GIT_CONFIG_VALUE_0: `Authorization: ${authorization}`,
        }),
  };
}

function lastLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  const line =
    lines.findLast((one) => /^(?:fatal|error):/.test(one)) ?? lines.findLast(Boolean) ?? 'it gave no reason';
  return line.replace(/^(?:fatal|error): /, '');
}
