import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from './processes.ts';

/** The tar of a root file system with one small file whose content is new each time. */
export async function makeSmallTar(): Promise<Buffer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'strata-small-'));
  try {
    await writeFile(path.join(folder, 'content.txt'), randomUUID());
    await run('tar', ['-C', folder, '-cf', path.join(folder, 'root.tar'), 'content.txt']);
    return await readFile(path.join(folder, 'root.tar'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
