import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeBackend, openSecretStore } from './secret-store.ts';
import { prepared, reset } from './testing/electron-stand-in.ts';

let home: string;
beforeEach(async () => {
  reset();
  home = await mkdtemp(join(tmpdir(), 'strata-secrets-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function open() {
  const store = await openSecretStore(home, () => {});
  if (store === null) throw new Error('there is no store');
  return store;
}

it('keeps values over restarts, encrypted and for the owner alone', async () => {
  await (await open()).set('registry ghcr.io', 'correct horse');
  await (await open()).set('registry quay.io', 'battery staple');
  expect(await (await open()).get('registry ghcr.io')).toBe('correct horse');
  const path = join(home, 'secrets.json');
  expect(await readFile(path, 'utf8')).not.toMatch(/correct|horse/);
  if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it('forgets what is removed and leaves the rest', async () => {
  const store = await open();
  await store.set('a', '1');
  await store.set('b', '2');
  await store.remove('a');
  await store.remove('nothing');
  expect([await store.get('a'), await store.get('b')]).toEqual([null, '2']);
});

it('is not there where the system cannot encrypt', async () => {
  prepared.encryption = false;
  expect(await openSecretStore(home, () => {})).toBeNull();
});

it.each([
  ['linux', 'gnome_libsecret', 'GNOME keyring', false],
  ['linux', 'kwallet6', 'KDE wallet', false],
  ['linux', 'basic_text', 'Strata', true],
  ['linux', 'unknown', 'Strata', true],
  ['darwin', 'unknown', 'macOS Keychain', false],
  ['win32', 'unknown', 'Windows account', false],
] as const)('says on %s with %s that the key is kept by %s, weak: %s', (platform, backend, label, isWeak) => {
  prepared.backend = backend;
  const described = describeBackend(platform);
  expect([described.label, described.warning !== null]).toEqual([label, isWeak]);
});
