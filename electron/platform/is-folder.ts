import { stat } from 'node:fs/promises';

/** Whether a folder is at a path, links followed; false where that cannot be told. */
export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() === true;
}
