import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { isMissing } from './file-errors.ts';

/** Makes a folder and those above it; none of them need be missing. Throws the system's error. */
export async function makeFolders(path: string): Promise<void> {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    if (!isMissing(error)) throw error;
    // Node says ENOENT on a read-only file system: the one folder that cannot be made tells the true reason.
    await makeFolders(dirname(path));
    mkdirSync(path);
  }
}
