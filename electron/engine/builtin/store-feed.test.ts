import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createStoreFeed } from './store-feed.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strata-feed-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** As the store draws it anew. */
async function replaceIndex(): Promise<void> {
  await writeFile(join(folder, '.index.json.tmp'), '{}');
  await rename(join(folder, '.index.json.tmp'), join(folder, 'index.json'));
}

it('tells once of several changes that come together, and of nothing else in the folder', async () => {
  const feed = createStoreFeed(join(folder, 'index.json'));
  const told: string[] = [];
  feed.subscribe((topic) => told.push(topic));
  await writeFile(join(folder, 'settings.json'), '{}');
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(told).toEqual([]);
  await replaceIndex();
  await replaceIndex();
  await expect.poll(() => told).toEqual(['images']);
  feed.close();
});

it('stops listening with its last listener and begins again with the next', async () => {
  const feed = createStoreFeed(join(folder, 'index.json'));
  const first: string[] = [];
  const second: string[] = [];
  feed.subscribe((topic) => first.push(topic))();
  feed.subscribe((topic) => second.push(topic));
  await replaceIndex();
  await expect.poll(() => second).toEqual(['images']);
  expect(first).toEqual([]);
  feed.close();
});
