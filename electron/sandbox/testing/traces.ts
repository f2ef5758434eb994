import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** Processes of this machine whose command line holds `marker`, zombies left out, this one too. */
export async function findProcesses(marker: string): Promise<number[]> {
  const found = await mapProcesses(async (pid) => (await readText(`/proc/${pid}/cmdline`)).includes(marker));
  return found.filter((pid) => pid !== process.pid);
}

/** Processes that see mounts of steps which process `owner` runs with work folders below `folder`. */
export async function findMounts(owner: number | undefined, folder: string): Promise<number[]> {
  const isOurs = (text: string) =>
    text.includes(`/strata-step-${owner}-`) || text.includes(`${folder}/step-`);
  return mapProcesses(async (pid) => isOurs(await readText(`/proc/${pid}/mountinfo`)));
}

/** Processes that work in a folder or below it. */
export async function findWorkers(folder: string): Promise<number[]> {
  return mapProcesses(async (pid) => (await readlink(`/proc/${pid}/cwd`).catch(() => '')).startsWith(folder));
}

/** Scratch folders in memory that belong to steps of process `owner`. */
export async function findScratch(owner: number | undefined): Promise<string[]> {
  return (await readdir('/dev/shm')).filter((name) => name.startsWith(`strata-step-${owner}-`));
}

/** Waits until `look` finds something (or, with `none`, nothing) or ten seconds are over; returns the last answer. */
export async function waitFor<T>(
  look: () => Promise<readonly T[]>,
  want: 'some' | 'none',
): Promise<readonly T[]> {
  for (let left = 500; ; left -= 1) {
    const found = await look();
    if (found.length > 0 === (want === 'some') || left === 0) return found;
    await delay(20);
  }
}

async function mapProcesses(test: (pid: number) => Promise<boolean>): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const kept = await Promise.all(pids.map(test));
  return pids.filter((_, i) => kept[i]);
}

/** Empty for a process that has just ended. */
function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
