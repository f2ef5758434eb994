import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { IMAGE, runCommand } from './contenders.ts';
import { countCalls } from './count-calls.ts';
import { makeProject } from './make-project.ts';
import { measure } from './measure.ts';
import { measureRepeatedly } from './measure-repeatedly.ts';
import type { Bench } from './section.ts';

const SMALL_FILE = 500;
const LARGE_FILE = 20_000;

/** Contexts of more and more files: from nothing and again; what is asked of the kernel, also for larger files. */
export async function measureContexts(bench: Bench): Promise<void> {
  for (const files of bench.isQuick ? [100, 1000] : [1000, 10_000, 100_000]) {
    const folder = await growthContext(bench, files);
    await measureRepeatedly(bench, folder, 'files', files);
    await countUnchanged(bench, folder, files, 'unchanged, 0.5 KB a file');
    await rm(folder, { recursive: true, force: true });
    if (files > 10_000) continue;
    const large = join(bench.folder, `context-${files}-large`);
    await makeProject(large, bench.base, files, LARGE_FILE);
    await countUnchanged(bench, large, files, 'unchanged, 20 KB a file');
    await rm(large, { recursive: true, force: true });
  }
}

/** The project with so many small files; it is made when it is not there. */
export async function growthContext(bench: Bench, files: number): Promise<string> {
  const folder = join(bench.folder, `context-${files}`);
  await makeProject(folder, bench.base, files, SMALL_FILE);
  return folder;
}

/** Counted apart from what is timed, since counting makes each call slow. */
async function countUnchanged(bench: Bench, folder: string, files: number, name: string): Promise<void> {
  const [strata] = bench.contenders;
  if (strata === undefined) return;
  const command = strata.build(folder, IMAGE);
  await runCommand(command);
  const about = { section: 'files', name, at: files, contender: strata.name };
  const measured = await measure(command);
  bench.runs.note({ ...about, measured, counts: await countCalls(command, folder) });
}
