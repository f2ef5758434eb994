import { mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JsonFolder } from './json-folder.ts';

const LONG_AGO = new Date('2024-01-02T03:04:05Z');

let home: string;
let folder: string;
let summary: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'strata-json-folder-'));
  folder = join(home, 'records');
  summary = join(home, 'cache', 'records.jsonl');
  await mkdir(folder);
});

afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

async function put(name: string, text: string): Promise<void> {
  await writeFile(join(folder, `.${name}.tmp`), text);
  await rename(join(folder, `.${name}.tmp`), join(folder, name));
}

async function putMany(count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) await put(`${at}.json`, JSON.stringify({ at }));
}

/** As if nothing had changed for a while: only then may the folder's own time be trusted. */
async function settle(): Promise<void> {
  await utimes(folder, LONG_AGO, LONG_AGO);
}

async function numbers(records: JsonFolder): Promise<number[]> {
  const found = (await records.list()) as { at: number }[];
  return found.map(({ at }) => at).sort((a, b) => a - b);
}

describe('a folder of documents', () => {
  it('is empty where there is none', async () => {
    expect(await new JsonFolder(join(home, 'nowhere'), summary).list()).toEqual([]);
  });

  it('leaves out what is no JSON, hidden or of another kind', async () => {
    await put('a.json', '{"at":1}');
    await put('torn.json', '{"at":');
    await writeFile(join(folder, '.b.json'), '{"at":2}');
    await writeFile(join(folder, 'c.txt'), '{"at":3}');
    expect(await numbers(new JsonFolder(folder, summary))).toEqual([1]);
  });

  it('shows what was added, replaced and removed since the last look', async () => {
    const records = new JsonFolder(folder, summary);
    await putMany(3);
    expect(await numbers(records)).toEqual([0, 1, 2]);
    await put('3.json', '{"at":3}');
    await put('0.json', '{"at":9}');
    await rm(join(folder, '1.json'));
    expect(await numbers(records)).toEqual([2, 3, 9]);
  });

  it('shows the same to a process that begins with the summary, and what changed after it', async () => {
    await putMany(300);
    await settle();
    const all = await numbers(new JsonFolder(folder, summary));
    expect(all).toHaveLength(300);
    expect(await numbers(new JsonFolder(folder, summary))).toEqual(all);
    await put('7.json', '{"at":1000}');
    await rm(join(folder, '8.json'));
    expect(await numbers(new JsonFolder(folder, summary))).toEqual([
      ...all.filter((at) => at !== 7 && at !== 8),
      1000,
    ]);
  });

  it('reads no file of a folder that did not change', async () => {
    await putMany(300);
    await settle();
    await new JsonFolder(folder, summary).list();
    // Changed in place, which nobody does: only who reads the file would see it.
    await writeFile(join(folder, '5.json'), '{"at":5000}');
    await settle();
    expect(await numbers(new JsonFolder(folder, summary))).not.toContain(5000);
  });

  it.each(['', 'no json\n', '{"folderMs":null}\n["0.json","x"'])(
    'does without a damaged summary: %j',
    async (text) => {
      await putMany(2);
      await mkdir(join(home, 'cache'));
      await writeFile(summary, text);
      expect(await numbers(new JsonFolder(folder, summary))).toEqual([0, 1]);
    },
  );
});
