import { spawn } from 'node:child_process';
import { appendFile, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseReference } from '#shared/oci/reference.ts';
import { appRoot } from '../platform/app-root.ts';
import { openStore, type Store } from './store.ts';
import { type NewJournalEntry, TagJournal } from './tag-journal.ts';
import { addImage } from './testing/add-image.ts';

let home: string;
let store: Store;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'strata-journal-'));
  store = await openStore(home);
});
afterEach(() => rm(home, { recursive: true, force: true }));

const move = (to: string): NewJournalEntry => ({
  name: 'docker.io/library/app:1',
  host: null,
  from: null,
  to,
  by: 'tag',
});

describe('what the store writes down', () => {
  it('tells every move of a name and what did it, newest first', async () => {
    const one = await addImage(store, { a: 'one' });
    const two = await addImage(store, { a: 'two' });
    const [app, other] = [parseReference('app:1'), parseReference('ghcr.io/acme/web')];
    await store.setNames([app, other], { digest: one.digest });
    await store.setName(app, { digest: two.digest }, 'pull');
    await store.setName(app, { digest: two.digest });
    await store.removeName(other);
    await store.removeName(other);
    await store.forgetImage(two.digest);
    const told = (await store.journal.list()).map(({ name, from, to, by, host }) => [
      name,
      from,
      to,
      by,
      host,
    ]);
    expect(told).toEqual([
      ['docker.io/library/app:1', two.digest, null, 'remove', null],
      ['ghcr.io/acme/web:latest', one.digest, null, 'untag', null],
      ['docker.io/library/app:1', one.digest, two.digest, 'pull', null],
      ['ghcr.io/acme/web:latest', null, one.digest, 'build', null],
      ['docker.io/library/app:1', null, one.digest, 'build', null],
    ]);
    expect(await store.journal.list({ name: 'ghcr.io/acme/web:latest', limit: 1 })).toMatchObject([
      { by: 'untag' },
    ]);
  });

  it('writes nothing for a build that changes nothing', async () => {
    const { digest } = await addImage(store, { a: 'same' });
    for (let i = 0; i < 3; i += 1) await store.setNames([parseReference('app:1')], { digest });
    expect(await store.journal.list()).toHaveLength(1);
  });
});

describe('the file', () => {
  it('loses only the line that a killed process left half', async () => {
    await store.journal.append(move('sha256:1'));
    await appendFile(join(store.paths.journal(), 'tags.jsonl'), '\n{"id":"torn","time":12,"na');
    await store.journal.append(move('sha256:2'));
    await appendFile(join(store.paths.journal(), 'tags.jsonl'), '\nnull\n[]\n{"id":1}\n');
    expect((await store.journal.list()).map(({ to }) => to).sort()).toEqual(['sha256:1', 'sha256:2']);
  });

  it('stays bounded, keeps the newest and knows each by its id', async () => {
    const journal = new TagJournal(store.paths, { fileBytes: 2000, keptBytes: 4000 });
    for (let i = 0; i < 200; i += 1) await journal.append(move(`sha256:${i}`));
    const folder = store.paths.journal();
    let bytes = 0;
    for (const name of await readdir(folder)) bytes += (await stat(join(folder, name))).size;
    expect(bytes).toBeLessThan(10_000);
    const kept = await journal.list();
    expect(kept.length).toBeGreaterThan(20);
    expect(kept.length).toBeLessThan(200);
    expect(kept[0]?.to).toBe('sha256:199');
    expect(kept.map(({ to }) => to)).toEqual(kept.map((_, i) => `sha256:${199 - i}`));
    expect(await journal.get(kept[5]?.id ?? '')).toEqual(kept[5]);
    await expect(journal.get('none')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('takes moves of several processes at once, also while files are set aside', async () => {
    const script = `
      import { TagJournal } from ${JSON.stringify(join(appRoot(), 'electron/store/tag-journal.ts'))};
      const journal = new TagJournal({ journal: () => process.argv[2] }, { fileBytes: 3000, keptBytes: 1e9 });
      for (let i = 0; i < 100; i += 1)
        await journal.append({ name: 'a', host: null, from: null, to: process.argv[3] + i, by: 'tag' });
    `;
    const file = join(home, 'append.mts');
    await appendFile(file, script);
    const run = (name: string) =>
      new Promise<number | null>((resolve, reject) => {
        const argv = ['--import', join(appRoot(), 'node_modules/tsx/dist/loader.mjs'), file];
        const child = spawn(process.execPath, [...argv, store.paths.journal(), name], { stdio: 'inherit' });
        child.once('error', reject);
        child.once('exit', resolve);
      });
    expect(await Promise.all(['x', 'y', 'z'].map(run))).toEqual([0, 0, 0]);
    const all = (await store.journal.list()).map(({ to }) => to);
    expect(new Set(all).size).toBe(300);
    expect((await readdir(store.paths.journal())).length).toBeGreaterThan(3);
  }, 60_000);
});
