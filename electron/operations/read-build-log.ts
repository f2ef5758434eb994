import type { BuildDetail } from '#shared/contract/builds.ts';
import type { BuildRecords } from '../engine/ports.ts';

/**
 * The whole log of one step of a kept build, piece by piece, nothing cut; with `step` null those of all steps that
 * wrote something, each below a line that names its step. Throws `not-found`.
 */
export async function* readBuildLog(
  records: BuildRecords,
  { id, stepList }: BuildDetail,
  step: number | null,
): AsyncGenerator<string, void, undefined> {
  if (step !== null) {
    yield* readStepLog(records, id, step);
    return;
  }
  for (const { index, line, instruction } of stepList) {
    let isBegun = false;
    for await (const text of readStepLog(records, id, index)) {
      if (!isBegun) yield `=== step ${index}, line ${line}: ${instruction}\n`;
      isBegun = true;
      yield text;
    }
    if (isBegun) yield '\n';
  }
}

async function* readStepLog(records: BuildRecords, id: string, step: number): AsyncGenerator<string> {
  for (let offset = 0; ; ) {
    const { text, next, done } = await records.log(id, step, offset);
    if (text !== '') yield text;
    // Of a step that runs, what there is so far.
    if (done || text === '') return;
    offset = next;
  }
}
