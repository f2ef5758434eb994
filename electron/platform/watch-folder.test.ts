import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { watchFolder } from './watch-folder.ts';

let folder: string;
let stop: AbortController;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strata-watch-'));
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await rm(folder, { recursive: true, force: true });
});

/** All paths told so far, while `act` is repeated until `path` is among them (a watch begins in its own time). */
async function toldAfter(act: (round: number) => Promise<void>, path: string): Promise<Set<string>> {
  const told = new Set<string>();
  const watching = (async () => {
    for await (const paths of watchFolder(folder, stop.signal)) for (const one of paths) told.add(one);
  })();
  let round = 0;
  await expect
    .poll(
      async () => {
        await act(round++);
        return [...told];
      },
      { interval: 300, timeout: 10_000 },
    )
    .toContain(path);
  stop.abort();
  await watching;
  return told;
}

it('tells files that are written, in folders that were there and in new ones', async () => {
  await mkdir(join(folder, 'src', 'deep'), { recursive: true });
  await toldAfter((round) => writeFile(join(folder, 'src', 'deep', 'a.ts'), `${round}`), 'src/deep/a.ts');
});

it('tells files in folders that appear later', async () => {
  await toldAfter(async (round) => {
    await mkdir(join(folder, 'new', 'below'), { recursive: true });
    await writeFile(join(folder, 'new', 'below', 'b.ts'), `${round}`);
  }, 'new/below/b.ts');
});

it('goes on in a folder that was replaced by one of the same name', async () => {
  await mkdir(join(folder, 'dist'));
  await toldAfter(async (round) => {
    await rename(join(folder, 'dist'), join(folder, `old-${round}`));
    await mkdir(join(folder, 'dist'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await writeFile(join(folder, 'dist', 'app.js'), 'x');
  }, 'dist/app.js');
});

it('says nothing of what version control writes for itself', async () => {
  await mkdir(join(folder, '.git'));
  const told = await toldAfter(async (round) => {
    await writeFile(join(folder, '.git', 'index'), `${round}`);
    await writeFile(join(folder, 'a.ts'), `${round}`);
  }, 'a.ts');
  expect([...told].filter((path) => path.includes('.git'))).toEqual([]);
});

it('says that the folder is missing', async () => {
  const watching = watchFolder(join(folder, 'nothing'), stop.signal);
  await expect(watching.next()).rejects.toMatchObject({ code: 'not-found' });
});

it('ends when it is aborted', async () => {
  const watching = watchFolder(folder, stop.signal);
  const next = watching.next();
  stop.abort();
  expect(await next).toEqual({ done: true, value: undefined });
});
