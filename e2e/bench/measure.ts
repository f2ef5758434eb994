import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { run } from '#electron/engine/testing/processes.ts';

/** A program to be run as a whole process. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** What one run took. */
export interface Measured {
  readonly ms: number;
  /** User and system time of the process, those it waited for, and the daemons it had work for it. */
  readonly cpuMs: number;
  /** Largest resident memory: of the process, of its daemons, or of both together where both work. */
  readonly peakBytes: number;
}

const POLL_MS = 25;
/** Ticks of /proc in which Linux counts processor time. */
const TICK_MS = 10;

/** Writes what earlier runs left for the disk, so that no run pays for the one before it. */
export async function settle(): Promise<void> {
  await run('sync', []);
}

/** Runs a command to its end, `daemons` being the processes that do the work for it; throws with its output when it fails. */
export async function measure(command: Command, daemons: readonly number[] = []): Promise<Measured> {
  await settle();
  for (const pid of daemons) await writeFile(`/proc/${pid}/clear_refs`, '5').catch(() => undefined);
  const cpuBefore = childrenCpu() + cpuOf(daemons);
  const begun = performance.now();
  const child = spawn(command.program, command.args, { env: command.env, stdio: ['ignore', 'pipe', 'pipe'] });
  let own = 0;
  const poll = setInterval(() => {
    own = Math.max(own, peakMemory(child.pid ?? 0));
  }, POLL_MS);
  try {
    await ended(child, command);
  } finally {
    clearInterval(poll);
  }
  const ms = performance.now() - begun;
  const cpuMs = childrenCpu() + cpuOf(daemons) - cpuBefore;
  const peakBytes = own + daemons.reduce((sum, pid) => sum + peakMemory(pid), 0);
  return { ms, cpuMs, peakBytes };
}

function ended(child: ChildProcess, { program, args }: Command): Promise<void> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-8000);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code}:\n${output}`));
    });
  });
}

/** Largest resident memory in bytes of a process so far, 0 when it is gone. */
export function peakMemory(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readProc(`${pid}/status`))?.[1] ?? 0) * 1024;
}

/** Milliseconds of processor time of all children of this process that ended. */
function childrenCpu(): number {
  const [, , , waitedUser = 0, waitedSystem = 0] = statNumbers(process.pid);
  return (waitedUser + waitedSystem) * TICK_MS;
}

/** Milliseconds of processor time of these processes, those below them and those they waited for. */
export function cpuOf(pids: readonly number[]): number {
  if (pids.length === 0) return 0;
  const parents = new Map(processIds().map((pid) => [pid, statNumbers(pid)[0] ?? 0]));
  const below = (pid: number): number[] => [
    pid,
    ...[...parents].flatMap(([child, parent]) => (parent === pid ? below(child) : [])),
  ];
  const ticks = pids.flatMap(below).map((pid) => statNumbers(pid).slice(1));
  return ticks.flat().reduce((sum, each) => sum + each, 0) * TICK_MS;
}

/** Parent, then user, system, waited user and waited system time in ticks; see proc(5). */
function statNumbers(pid: number): number[] {
  const fields = readProc(`${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ');
  return [1, 11, 12, 13, 14].map((at) => Number(fields[at] ?? 0));
}

function processIds(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
}
