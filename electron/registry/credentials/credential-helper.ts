import { type ChildProcess, spawn } from 'node:child_process';
import { delimiter } from 'node:path';
import { errnoOf } from '#electron/platform/file-errors.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { cancelled } from '../network-errors.ts';
import type { Credential } from './credential.ts';
import { Secret } from './secret.ts';

/** A `docker-credential-<name>` program. */
export interface CredentialHelper {
  /** The credential for a server, null where the helper has none or is not installed. */
  get(server: string, signal?: AbortSignal): Promise<Credential | null>;
  /** Throws `not-found` where the helper is not installed, `permission` where it refuses. */
  store(server: string, username: string, password: Secret, signal?: AbortSignal): Promise<void>;
  /** Removes what it has for a server; nothing to remove is no error. */
  erase(server: string, signal?: AbortSignal): Promise<void>;
  /** Servers with their user names; empty where the helper cannot list or is not installed. */
  list(signal?: AbortSignal): Promise<Readonly<Record<string, string>>>;
}

/** A keychain may ask its user first, so it gets some time. */
const TIMEOUT_MS = 60_000;
const OUTPUT_LIMIT = 1024 * 1024;
/** Programs started from a desktop on macOS see little of the shell's PATH. */
const MORE_FOLDERS = [
  '/usr/local/bin',
  '/opt/homebrew/bin',
  '/Applications/Docker.app/Contents/Resources/bin',
];

/** Whether `name` can be the name of a helper: nothing else is ever started. */
export function isHelperName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name);
}

/** The helper called `name`, run with `environment`. */
export function createHelper(name: string, environment: NodeJS.ProcessEnv): CredentialHelper {
  const run = (verb: string, input: string, signal?: AbortSignal): Promise<HelperResult> =>
    runHelper(name, verb, input, environment, signal);
  return {
    get: async (server, signal) => {
      const result = await run('get', server, signal);
      if (result.kind === 'missing' || isNotFound(result)) return null;
      if (result.code !== 0) throw failed(name, result);
      return readCredential(name, result.output);
    },
    store: async (server, username, password, signal) => {
      const input = JSON.stringify({ ServerURL: server, Username: username, Secret: password.reveal() });
      const result = await run('store', input, signal);
      if (result.kind === 'missing') throw notInstalled(name);
      if (result.code !== 0) throw failed(name, result);
    },
    erase: async (server, signal) => {
      const result = await run('erase', server, signal);
      if (result.kind === 'missing' || isNotFound(result)) return;
      if (result.code !== 0) throw failed(name, result);
    },
    list: async (signal) => {
      const result = await run('list', '', signal);
      return result.kind === 'ended' && result.code === 0 ? readList(result.output) : {};
    },
  };
}

type HelperResult =
  | { readonly kind: 'missing' }
  | { readonly kind: 'ended'; readonly code: number; readonly output: string };

type Ended = Extract<HelperResult, { kind: 'ended' }>;

/** Runs the program by name, never through a shell; what it says stands on its standard output, errors too. */
function runHelper(
  name: string,
  verb: string,
  input: string,
  environment: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<HelperResult> {
  if (!isHelperName(name)) return Promise.resolve({ kind: 'missing' });
  return new Promise((resolve, reject) => {
    if (signal?.aborted) throw cancelled(signal.reason);
    const child = spawn(`docker-credential-${name}`, [verb], {
      env: helperEnvironment(environment),
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
    });
    const stop = (): void => {
      child.kill('SIGKILL');
      reject(cancelled(signal?.reason));
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(timedOut(name));
    }, TIMEOUT_MS);
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    };
    signal?.addEventListener('abort', stop, { once: true });
    const output = collect(child);
    child.once('error', (error) => {
      settle();
      const isMissing = ['ENOENT', 'EACCES', 'ENOTDIR'].includes(errnoOf(error) ?? '');
      if (isMissing) resolve({ kind: 'missing' });
      else reject(error);
    });
    child.once('close', (code) => {
      settle();
      resolve({ kind: 'ended', code: code ?? -1, output: output() });
    });
    // A helper may end without reading its input.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** What a helper is found and run with. Windows spells the variable in any case, and has no such folders. */
export function helperEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (process.platform === 'win32') return environment;
  return { ...environment, PATH: [environment.PATH ?? '', ...MORE_FOLDERS].filter(Boolean).join(delimiter) };
}

function collect(child: ChildProcess): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= OUTPUT_LIMIT) chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

function isNotFound(result: Ended): boolean {
  return result.code !== 0 && /credentials not found|no credentials/i.test(result.output);
}

function readCredential(name: string, output: string): Credential | null {
  const { Username, Secret: text } = parse(output);
  if (typeof text !== 'string' || typeof Username !== 'string') {
    throw new AppError(
      'malformed',
      `The credential helper docker-credential-${name} gave an answer that is not one.`,
      {
        hint: 'Update the helper, or remove it from credsStore in the Docker config file.',
      },
    );
  }
  if (text === '') return null;
  const isToken = Username === '<token>';
  return {
    username: isToken || Username === '' ? undefined : Username,
    password: isToken ? undefined : new Secret(text),
    identityToken: isToken ? new Secret(text) : undefined,
    registryToken: undefined,
  };
}

function readList(output: string): Readonly<Record<string, string>> {
  const entries = Object.entries(parse(output)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(entries);
}

function parse(output: string): Record<string, unknown> {
  try {
    const value = JSON.parse(output) as unknown;
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Output of `store` and `get` may hold a secret where a helper is faulty, so only one short line of it is shown. */
function failed(name: string, result: Ended): AppError {
  const line = (result.output.split('\n')[0] ?? '').trim().slice(0, 160);
  const said = /secret|password|token/i.test(line) ? '' : line;
  return new AppError(
    'permission',
    `The credential helper docker-credential-${name} failed${said === '' ? '' : `: ${said}`}.`,
    {
      hint: 'Unlock the keychain it uses, or remove it from credsStore in the Docker config file.',
    },
  );
}

function notInstalled(name: string): AppError {
  return new AppError('not-found', `The credential helper docker-credential-${name} is not installed.`, {
    hint: 'Install it, or remove it from credsStore in the Docker config file.',
  });
}

function timedOut(name: string): AppError {
  return new AppError('permission', `The credential helper docker-credential-${name} does not answer.`, {
    hint: 'It may wait for you to unlock a keychain; do that and try again.',
  });
}
