import { readFileSync } from 'node:fs';

/**
 * Who a process is, as `pid-start`: the start time tells a process from a later one that got its number.
 * Start is in clock ticks since boot on Linux, 0 where the system does not tell.
 */
export function processIdentity(pid: number = process.pid): string {
  return `${pid}-${startTime(pid) ?? 0}`;
}

/** Whether the process with this identity still runs on this machine. */
export function isProcessAlive(identity: string): boolean {
  const [pidText = '', startText = ''] = identity.split('-');
  const pid = Number(pidText);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const start = startTime(pid);
  return start === undefined || startText === '0' || String(start) === startText;
}

/** Field 22 of /proc/PID/stat (proc(5)); the command before it may hold blanks and brackets. */
function startTime(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  } catch {
    return undefined;
  }
}
