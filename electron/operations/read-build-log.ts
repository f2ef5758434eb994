import type { BuildDetail } from '#shared/contract/builds.ts';
import type { BuildRecords } from '../engine/ports.ts';

/**
 * The whole log of one step of a kept build, piece by piece, nothing cut; with `step` null those of all steps that
 * wrote something, each below a line that names its step. Of a step that runs, what there is so far. Throws `not-found`.
 */
export async function* readBuildLog(
  records: BuildRecords,
  { id, stepList }: BuildDetail,
  step: number | null,
): AsyncGenerator<Buffer, void, undefined> {
  if (step !== null) {
    yield* (await records.openLog(id, step)) ?? [];
    return;
  }
  for (const { index, line, instruction } of stepList) {
    const log = await records.openLog(id, index);
    if (log === null) continue;
    yield Buffer.from(`=== step ${index}, line ${line}: ${instruction}\n`);
    yield* log;
    yield Buffer.from('\n');
  }
}
