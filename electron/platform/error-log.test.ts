import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createErrorLog } from './error-log.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strata-log-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('writes errors with time, stack and cause, in order', async () => {
  const path = join(folder, 'new', 'strata.log');
  const log = createErrorLog(path, () => {});
  log(new Error('first', { cause: new TypeError('deeper') }));
  log('second');
  await expect.poll(() => readFile(path, 'utf8').catch(() => '')).toContain('second');
  const text = await readFile(path, 'utf8');
  expect(text).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z Error: first\n +at /);
  expect(text).toContain('TypeError: deeper');
  expect(text.indexOf('first')).toBeLessThan(text.indexOf('second'));
});

it('keeps a full file once and begins a new one', async () => {
  const path = join(folder, 'strata.log');
  await writeFile(path, 'x'.repeat(1024 * 1024 + 1));
  createErrorLog(path, () => {})('new');
  await expect.poll(() => readFile(path, 'utf8')).toMatch(/^\S+ 'new'\n$/);
  expect((await readFile(`${path}.1`)).length).toBe(1024 * 1024 + 1);
});

it('says it elsewhere when it cannot be written', async () => {
  await writeFile(join(folder, 'file'), '');
  const said: string[] = [];
  createErrorLog(join(folder, 'file', 'strata.log'), (text) => said.push(text))('lost');
  await expect.poll(() => said.join('')).toContain("'lost'");
});
