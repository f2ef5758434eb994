import { lstatSync } from 'node:fs';
import { removeTree } from './remove-tree.ts';
import { findAbandonedScratch } from './scratch-place.ts';

/** Removes what steps of our user left in memory because their process was killed. */
export async function sweepScratch(): Promise<void> {
  for (const folder of findAbandonedScratch()) {
    if (lstatSync(folder, { throwIfNoEntry: false })?.uid === process.getuid?.()) await removeTree(folder);
  }
}
