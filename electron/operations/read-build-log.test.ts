import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createBuildRecords } from '../engine/builtin/build-records.ts';
import { step } from '../insight/testing/records.ts';
import { readBuildLog } from './read-build-log.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strata-log-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const read = (log: AsyncIterable<Buffer>): Promise<string> => text(Readable.from(log));

it('the log of a step is whole however long it is, and that of a build names each step that wrote', async () => {
  const records = createBuildRecords(folder);
  const options = { tags: [], buildArgs: {}, noCache: false, engine: 'builtin' };
  const recorder = await records.begin('one', {
    ...{ operationId: 'o', projectId: null, name: 'app', contextPath: folder, engine: 'builtin', options },
  });
  recorder.steps([
    step('FROM a', { index: 0, line: 1 }),
    step('RUN long', { index: 1, line: 2 }),
    step('RUN short', { index: 2, line: 3 }),
  ]);
  const long = 'ä line of text\n'.repeat(60_000);
  recorder.log(1, long);
  recorder.log(2, 'done\n');
  await recorder.finish({ state: 'failed', error: { code: 'internal', message: 'x' } });
  const build = await records.get('one');
  expect((await read(readBuildLog(records, build, 1))) === long).toBe(true);
  const all = await read(readBuildLog(records, build, null));
  expect(all).toBe(`=== step 1, line 2: RUN long\n${long}\n=== step 2, line 3: RUN short\ndone\n\n`);
});
