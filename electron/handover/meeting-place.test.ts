import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findHosts, hostsFolder } from './meeting-place.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'strata-meet-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function enter(...names: readonly string[]): Promise<void> {
  await mkdir(hostsFolder(home), { mode: 0o700 });
  for (const name of names) await writeFile(join(hostsFolder(home), name), '');
}

it('nobody is met where no host ever ran', () => {
  expect(findHosts(home)).toEqual([]);
});

it('who started last comes first', async () => {
  await enter('100-5000.aa', '90-70000.bb', '80-600.cc');
  expect(findHosts(home).map((path) => path.slice(-2))).toEqual(['bb', 'aa', 'cc']);
});

it('a folder that others may enter is not trusted, nor one that is a link', async () => {
  await enter('1-1.aa');
  expect(findHosts(home)).toHaveLength(1);
  await chmod(hostsFolder(home), 0o755);
  expect(findHosts(home)).toEqual([]);
  await chmod(hostsFolder(home), 0o700);
  const other = await mkdtemp(join(tmpdir(), 'strata-meet-'));
  await symlink(hostsFolder(home), hostsFolder(other));
  expect(findHosts(other)).toEqual([]);
  await rm(other, { recursive: true });
});

it.skipIf(process.getuid?.() !== 0)('a folder of another user is not trusted', async () => {
  await enter('1-1.aa');
  const { chownSync } = await import('node:fs');
  chownSync(hostsFolder(home), 12345, 12345);
  expect(findHosts(home)).toEqual([]);
});

it('an address elsewhere counts when its folder is as much our own', async () => {
  await enter();
  const elsewhere = await mkdtemp(join(tmpdir(), 'strata-host-'));
  await writeFile(join(hostsFolder(home), '1-1.aa.at'), join(elsewhere, 'socket'));
  expect(findHosts(home)).toEqual([join(elsewhere, 'socket')]);
  await chmod(elsewhere, 0o711);
  expect(findHosts(home)).toEqual([]);
  await rm(elsewhere, { recursive: true });
});
