import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { saveDownload } from './save-download.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strata-save-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const idle = new AbortController().signal;

it('writes the whole content, over what was there', async () => {
  const path = join(folder, 'web.tar');
  await writeFile(path, 'old');
  await saveDownload({ name: 'web.tar', open: async () => Readable.from(['new ', 'bytes']) }, path, idle);
  expect(await readFile(path, 'utf8')).toBe('new bytes');
  expect(await readdir(folder)).toEqual(['web.tar']);
});

it('leaves what was there when the content breaks off', async () => {
  const path = join(folder, 'web.tar');
  await writeFile(path, 'old');
  async function* broken() {
    yield 'half';
    throw new Error('broken off');
  }
  await expect(
    saveDownload({ name: 'web.tar', open: async () => Readable.from(broken()) }, path, idle),
  ).rejects.toThrow('broken off');
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['web.tar']);
});

it('stops when it is cancelled', async () => {
  const abort = new AbortController();
  const path = join(folder, 'web.tar');
  const content = new Readable({ read() {} });
  content.push('half');
  const saving = saveDownload({ name: 'web.tar', open: async () => content }, path, abort.signal);
  setTimeout(() => abort.abort(), 5);
  await expect(saving).rejects.toMatchObject({ name: 'AbortError' });
  expect(content.destroyed).toBe(true);
  expect(await readdir(folder)).toEqual([]);
});

it('says that a folder cannot be written', async () => {
  const path = join(folder, 'nothing', 'web.tar');
  await expect(
    saveDownload({ name: 'web.tar', open: async () => Readable.from(['x']) }, path, idle),
  ).rejects.toThrow('ENOENT');
});
