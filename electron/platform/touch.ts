import { utimesSync } from 'node:fs';

/** Marks a file as used now, where it is there and may be written; at once, since to ask the thread pool takes longer. */
export function touchAtOnce(path: string): void {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch {
    // A file that cannot be marked is one that nobody here can remove either, or one that is gone.
  }
}
