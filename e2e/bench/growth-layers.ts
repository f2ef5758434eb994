import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeLayeredProject } from './make-project.ts';
import { measureRepeatedly } from './measure-repeatedly.ts';
import type { Bench } from './section.ts';

/** Images of more and more layers, that of the base included. */
export async function measureLayers(bench: Bench): Promise<void> {
  for (const layers of bench.isQuick ? [5, 20] : [5, 50, 120]) {
    const folder = join(bench.folder, `layers-${layers}`);
    await makeLayeredProject(folder, bench.base, layers - 1);
    await measureRepeatedly(bench, folder, 'layers', layers);
    await rm(folder, { recursive: true, force: true });
  }
}
