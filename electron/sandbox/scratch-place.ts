import { accessSync, constants, mkdirSync, mkdtempSync, readdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { isProcessAlive, processIdentity } from '../platform/process-identity.ts';

const MEMORY = '/dev/shm';
/** TMPFS_MAGIC of linux/magic.h. */
const TMPFS = 0x01021994;
const PREFIX = 'strata-step-';

/**
 * A new empty folder for one step, readable by us alone: in memory, else in `workDir`. Its name tells whose it
 * is, so that what a killed process leaves in memory is found.
 */
export function newScratchFolder(workDir: string): string {
  if (hasMemory()) return mkdtempSync(join(MEMORY, `${PREFIX}${processIdentity()}.`));
  const folder = join(workDir, 'run');
  mkdirSync(folder);
  return folder;
}

/** Scratch folders in memory whose process has ended. */
export function findAbandonedScratch(): string[] {
  if (!hasMemory()) return [];
  return readdirSync(MEMORY)
    .filter(
      (name) => name.startsWith(PREFIX) && !isProcessAlive(name.slice(PREFIX.length).split('.')[0] ?? ''),
    )
    .map((name) => join(MEMORY, name));
}

function hasMemory(): boolean {
  try {
    accessSync(MEMORY, constants.W_OK | constants.X_OK);
    return statfsSync(MEMORY).type === TMPFS;
  } catch {
    return false;
  }
}
