import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, open, readdir, readFile } from 'node:fs/promises';

/** A process that a test started. */
export interface StartedProcess {
  readonly pid: number;
  /** Ends it and waits until it is gone; kills it when it does not go by itself. */
  stop(): Promise<void>;
}

const STOP_MS = 30_000;

/** Starts a program whose output goes to `logFile`; throws when it cannot be started. */
export async function startProcess(
  program: string,
  args: readonly string[],
  options: { logFile: string; env?: NodeJS.ProcessEnv | undefined },
): Promise<StartedProcess> {
  const log = await open(options.logFile, 'a');
  const child = spawn(program, args, {
    env: options.env ?? process.env,
    stdio: ['ignore', log.fd, log.fd],
  });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  await log.close();
  return { pid: child.pid ?? 0, stop: () => stopChild(child, gone) };
}

async function stopChild(child: ChildProcess, gone: Promise<void>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await gone;
    clearTimeout(timer);
  }
}

/** Runs a program to its end and gives its output; throws with the output when it fails. */
export async function run(
  program: string,
  args: readonly string[],
  options: {
    env?: NodeJS.ProcessEnv | undefined;
    cwd?: string | undefined;
    /** For its standard input. */
    input?: Uint8Array | undefined;
  } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: options.env ?? process.env, cwd: options.cwd });
    // One that ends before it has read all of it says why by itself.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code}:\n${output}`));
    });
  });
}

/** Waits until `isReady` says so; fails with the end of `logFile` after `timeoutMs` or when it throws at the end. */
export async function waitUntil(
  what: string,
  isReady: () => Promise<boolean>,
  options: { timeoutMs: number; logFile?: string | undefined },
): Promise<void> {
  const end = Date.now() + options.timeoutMs;
  while (!(await isReady())) {
    if (Date.now() > end) {
      const log =
        options.logFile === undefined ? '' : await readFile(options.logFile, 'utf8').catch(() => '');
      throw new Error(`${what} is not ready after ${options.timeoutMs} ms.\n${log.slice(-4000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** The path of the first of these programs that is there, null when none is. */
export async function findProgram(...paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return null;
}

/**
 * Kills, by id, the processes that were started with a path below `folder` and what these started: helpers that a
 * test's engine left. `folder` must be the test's own. Linux only; elsewhere nothing is found.
 */
export async function killProcessesOf(folder: string): Promise<void> {
  const parents = new Map<number, number>();
  const found: number[] = [];
  for (const name of await readdir('/proc').catch(() => [])) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const [command, status] = await Promise.all(
      ['cmdline', 'status'].map((file) => readFile(`/proc/${name}/${file}`, 'utf8').catch(() => '')),
    );
    parents.set(pid, Number(/^PPid:\s+(\d+)/m.exec(status ?? '')?.[1] ?? 0));
    if (command?.includes(`${folder}/`)) found.push(pid);
  }
  const below = (pid: number): number[] => [
    ...[...parents].flatMap(([child, parent]) => (parent === pid ? below(child) : [])),
    pid,
  ];
  for (const pid of new Set(found.flatMap(below))) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}
