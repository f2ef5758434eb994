import { type ChildProcess, execFile, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';
import { AppError } from '#shared/errors/app-error.ts';
import { cancelled } from '../image/abortable.ts';
import { mapArguments } from './id-map.ts';
import { closeInherited } from './inherited-files.ts';
import { readLines } from './line-reader.ts';
import type { SandboxHost } from './sandbox-host.ts';

const run = promisify(execFile);

/** Lines of the script to us begin with this; all else on that channel is what went wrong, in words. */
const REPORT = 'strata: ';

export interface NamespaceOptions {
  /** Of unshare, the user namespace excepted. */
  readonly flags: readonly string[];
  /** Run by the host's sh; see `step-script.ts` and `tool-process.ts` for what a script has to do. */
  readonly script: string;
  /** `$@` of the script. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly stdin: 'ignore' | 'pipe';
  readonly stdout: 'ignore' | 'pipe';
}

/**
 * A process in namespaces of its own, which dies with this one: the kernel kills it when our process ends, and
 * it begins its work only after we have answered its first report.
 *
 * The script's channels: 3 is what we tell it, 2 is what it reports. It first writes `strata: ready PID` with
 * its number on the host, then reads one line from 3 and ends when there is none.
 */
export class NamespaceProcess {
  /** Exit of the outermost process: everything inside has ended. */
  readonly closed: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** The number of the script's process on the host, once it is known. */
  readonly ready: Promise<number>;
  /** What the script and its programs complained about. */
  readonly complaints: string[] = [];
  #onReport: (line: string) => void = () => undefined;
  #innerPid: number | null = null;
  readonly #child: ChildProcess;

  constructor(
    private readonly host: SandboxHost,
    options: NamespaceOptions,
  ) {
    const { unshare, setpriv, sh } = host.tools;
    const user = host.mode === 'rootless' ? ['--user'] : [];
    const [program = setpriv, ...argv] = [
      ...closeInherited(host.tools),
      ...[
        setpriv,
        '--pdeathsig',
        'KILL',
        unshare,
        ...user,
        ...options.flags,
        '--',
        sh,
        '-c',
        options.script,
        'strata',
      ],
      ...options.args,
    ];
    this.#child = spawn(program, argv, {
      cwd: options.cwd,
      // LIBMOUNT_FORCE_MOUNT2: the newer mount API refuses option values of more than 255 bytes.
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LIBMOUNT_FORCE_MOUNT2: 'always', ...options.env },
      stdio: [options.stdin, options.stdout, 'pipe', 'pipe'],
      detached: true,
    });
    this.closed = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', (code, signal) => resolve({ code, signal }));
    });
    this.closed.catch(() => undefined);
    this.control.on('error', () => undefined);
    this.ready = this.#awaitReady();
    this.ready.catch(() => undefined);
  }

  get stdin(): Writable | null {
    return this.#child.stdin;
  }

  get stdout(): Readable | null {
    return this.#child.stdout;
  }

  get control(): Writable {
    return this.#child.stdio[3] as Writable;
  }

  /** Sets who hears the reports that follow the first. */
  onReport(listener: (line: string) => void): void {
    this.#onReport = listener;
  }

  /** Gives the user namespace its ids, then lets the script begin. Throws `sandbox-unavailable`. */
  async begin(): Promise<void> {
    await this.ready;
    if (this.host.mode === 'rootless') await this.#mapIds();
    this.control.write('go\n');
  }

  /** Ends the process and everything inside; `closed` tells when it is over. */
  kill(): void {
    this.control.destroy();
    // The inner one first: the outer process waits for it, so that its own end means that all is over.
    const pid = this.#innerPid ?? this.#child.pid;
    if (pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      this.#child.kill('SIGKILL');
    }
  }

  /** What to throw when the script could not set things up. */
  failure(what: string): AppError {
    const said = this.complaints.join(' ').trim();
    return new AppError('sandbox-unavailable', `${what}${said === '' ? '.' : `: ${said}`}`, {
      hint: 'See Diagnostics or "strata doctor"; the data folder must lie on a local disk (ext4, xfs, btrfs).',
    });
  }

  #awaitReady(): Promise<number> {
    return new Promise((resolve, reject) => {
      readLines(this.#child.stderr as Readable, (line) => {
        if (!line.startsWith(REPORT)) {
          if (this.complaints.length < 20) this.complaints.push(line);
          return;
        }
        const report = line.slice(REPORT.length);
        if (!report.startsWith('ready ')) return this.#onReport(report);
        this.#innerPid = Number(report.slice('ready '.length));
        resolve(this.#innerPid);
      });
      this.closed.then(
        () => reject(this.failure('The sandbox ended before it began')),
        (error) => reject(spawnError(error)),
      );
    });
  }

  async #mapIds(): Promise<void> {
    const { newuidmap, newgidmap } = this.host.tools;
    const pid = String(this.#child.pid);
    if (newuidmap === undefined || newgidmap === undefined) throw this.failure('newuidmap is missing');
    const map = (tool: string, args: string[]) => run(tool, [pid, ...args]);
    try {
      await Promise.all([
        map(newuidmap, mapArguments(this.host.ids.users)),
        map(newgidmap, mapArguments(this.host.ids.groups)),
      ]);
    } catch (error) {
      this.complaints.push(String((error as { stderr?: string }).stderr ?? error));
      throw this.failure('The user namespace got no user ids');
    }
  }
}

/** Runs `work` with a process that is killed when the signal aborts; its end is awaited in every case. */
export async function withNamespace<T>(
  process: NamespaceProcess,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const onAbort = () => process.kill();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await work();
  } catch (error) {
    process.kill();
    await process.closed.catch(() => undefined);
    if (signal.aborted) throw cancelled();
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function spawnError(error: unknown): AppError {
  return new AppError(
    'sandbox-unavailable',
    `The sandbox could not be started: ${(error as Error).message}`,
    {
      cause: error,
    },
  );
}
