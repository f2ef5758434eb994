import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { step } from '../../insight/testing/records.ts';
import type { BuildStart } from '../ports.ts';
import { createBuildRecords } from './build-records.ts';
import { expiredRecords, retentionOf } from './record-retention.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strata-records-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const START: BuildStart = {
  operationId: 'op',
  projectId: null,
  name: 'app',
  contextPath: '/nowhere',
  engine: 'builtin',
  options: { tags: ['app:1'], buildArgs: {}, noCache: false, engine: 'builtin' },
};
const STEPS = [step('FROM a', { status: 'hit', savedMs: 30 }), step('RUN b', { index: 1, startedAt: 4 })];

async function build(id: string, records = createBuildRecords(folder)): Promise<void> {
  const recorder = await records.begin(id, START);
  recorder.steps(STEPS);
  recorder.log(1, 'one\n');
  recorder.log(1, 'two\n');
  const outcome = { digest: 'sha256:1', imageId: 'sha256:2', tags: ['app:1'], steps: STEPS };
  await recorder.finish({ state: 'done', outcome });
}

/** Says of a record that its build began so many days ago. */
async function age(id: string, days: number): Promise<void> {
  const path = join(folder, id, 'record.json');
  const record = JSON.parse(await readFile(path, 'utf8'));
  record.startedAt -= days * 24 * 60 * 60 * 1000;
  await writeFile(path, JSON.stringify(record));
}

describe('a build record', () => {
  it('has steps, digests and the whole log, also for another process', async () => {
    await build('a');
    const records = createBuildRecords(folder);
    expect(await records.get('a')).toMatchObject({
      state: 'done',
      digest: 'sha256:1',
      hits: 1,
      savedMs: 30,
      stepList: STEPS,
      error: null,
      operationId: null,
    });
    expect(await records.log('a', 1, 0)).toEqual({ text: 'one\ntwo\n', next: 8, done: true });
    expect(await records.log('a', 1, 4)).toMatchObject({ text: 'two\n' });
  });

  it('lists without what only its page shows', async () => {
    await build('a');
    const [summary] = await createBuildRecords(folder).list({});
    expect(summary).toMatchObject({ id: 'a', name: 'app', steps: 2 });
    expect(Object.keys(summary ?? {})).not.toContain('stepList');
  });

  it('of a process that was killed is cancelled, with the reason', async () => {
    await createBuildRecords(folder).begin('a', START);
    const path = join(folder, 'a', 'record.json');
    const record = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...record, owner: '999999999-1' }));
    expect(await createBuildRecords(folder).get('a')).toMatchObject({
      state: 'cancelled',
      error: { code: 'cancelled' },
    });
  });

  it.each(['../a', '', '.', 'gone'])('named %j is not found', async (id) => {
    await expect(createBuildRecords(folder).get(id)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('retention', () => {
  it('keeps the newest when records are listed', async () => {
    for (const [id, days] of [
      ['old', 3],
      ['new', 1],
      ['middle', 2],
    ] as const) {
      await build(id);
      await age(id, days);
    }
    const records = createBuildRecords(folder, async () => ({ builds: 2, days: null }));
    expect((await records.list({})).map(({ id }) => id)).toEqual(['new', 'middle']);
    expect((await readdir(folder)).sort()).toEqual(['middle', 'new']);
  });

  it('is kept up by builds that nobody lists', async () => {
    const records = createBuildRecords(folder, async () => ({ builds: 5, days: null }));
    for (let i = 0; i < 20; i += 1) await build(`b${i}`, records);
    expect(await readdir(folder)).toHaveLength(5);
  });

  const now = Date.UTC(2026, 0, 11);
  const at = (id: string, day: number, state: 'done' | 'running' = 'done') => ({
    id,
    state,
    startedAt: Date.UTC(2026, 0, day),
  });
  const list = [at('c', 10), at('b', 5), at('a', 1)];
  it.each([
    ['nothing', list, { builds: 3, days: null }, []],
    ['what is beyond the number', list, { builds: 1, days: null }, ['b', 'a']],
    ['what is older than the days', list, { builds: 9, days: 7 }, ['a']],
    ['no build that runs', [...list, at('z', 1, 'running')], { builds: 1, days: 1 }, ['b', 'a']],
  ])('removes %s', (_name, records, retention, expired) => {
    expect(expiredRecords(records, retention, now)).toEqual(expired);
  });

  it('is 500 builds of any age where the settings say nothing', () => {
    expect(retentionOf({})).toEqual({ builds: 500, days: null });
    expect(retentionOf({ keepBuilds: 9, keepBuildDays: 0 })).toEqual({ builds: 9, days: null });
    expect(retentionOf({ keepBuildDays: 30 })).toEqual({ builds: 500, days: 30 });
  });
});
