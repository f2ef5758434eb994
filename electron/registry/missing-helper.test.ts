import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { parsePlatform } from '#shared/oci/platform.ts';
import { createMemoryEngine } from '../api/testing/memory-engine.ts';
import type { NativeTransfer } from '../engine/engine.ts';
import { createRegistryTransfers } from '../engine/registry-transfers.ts';
import type { CredentialLookup } from './credentials/credential.ts';
import { createKeychain } from './credentials/keychain.ts';
import { pingRegistry } from './ping.ts';
import { pullImage } from './pull.ts';
import { HAS_OPENSSL } from './testing/certificate.ts';
import { makeFakeHelper } from './testing/fake-helper.ts';
import { World } from './testing/world.ts';

const HOST = 'registry.example.com';
const TOKENS = 'https://auth.example.com/token';

describe.skipIf(!HAS_OPENSSL)('a credential helper that is named and not installed (needs openssl)', () => {
  const world = new World([HOST, 'auth.example.com']);
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'strata-helper-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  const writeConfig = async (config: unknown): Promise<void> => {
    await mkdir(join(home, '.docker'));
    await writeFile(join(home, '.docker/config.json'), JSON.stringify(config));
  };
  const keychain = () =>
    createKeychain({ home, environment: { PATH: `${join(home, 'bin')}${delimiter}${process.env.PATH}` } });
  const signInBy = async (config: unknown): Promise<void> => {
    await writeConfig(config);
    world.signIn(keychain());
  };
  const pullBy = (pull: NativeTransfer['pull'], credentials: CredentialLookup) => {
    const engine = createMemoryEngine('other');
    const transfers = createRegistryTransfers({
      open: async () => ({ client: world.client, keychain: credentials }),
      tagRules: async () => ({ floating: [], immutable: [] }),
      journal: { append: async () => null, list: async () => [] },
    });
    const transfer = { pull, push: () => Promise.reject(new Error('Nothing is pushed.')) };
    const report = {
      onBlob: () => undefined,
      onLabels: () => undefined,
      signal: new AbortController().signal,
    };
    return transfers.pull({ ...engine, transfer }, `${HOST}/app:1`, report);
  };
  const gone = {
    message: expect.stringContaining(
      `docker-credential-gone, which is to know the sign-in for ${HOST}, is not installed.`,
    ),
  };

  it.each([
    ['credsStore', { credsStore: 'gone' }],
    ['credHelpers', { credHelpers: { [HOST]: 'gone' } }],
  ])('is named by a refusal, with its place: %s', async (key, config) => {
    world.withBasic(HOST, 'ann', 'pw');
    await signInBy(config);
    await expect(world.push(`${HOST}/app:1`)).rejects.toMatchObject({
      ...gone,
      code: 'unauthorized',
      hint: `Install it, or take it out of ${key} in ${join(home, '.docker/config.json')} and sign in again.`,
    });
  });

  it('is named where a token server lets nobody in without a sign-in', async () => {
    world.withTokens(HOST, TOKENS, { users: { ann: 'pw' } });
    await signInBy({ credsStore: 'gone' });
    await expect(world.pull(`${HOST}/app:1`)).rejects.toMatchObject({ ...gone, code: 'unauthorized' });
  });

  it('does not keep a public image from being pulled, and is a notice then', async () => {
    const registry = world.withTokens(HOST, TOKENS, { anonymous: true });
    await registry.seed('app', '1', world.image);
    await signInBy({ credsStore: 'gone' });
    const pulled = await pullBy(
      async (reference) => {
        const platform = parsePlatform('linux/amd64');
        const { root } = await pullImage(world.client, reference, world.store, { platform });
        return { id: root.digest, digest: root.digest };
      },
      { find: async () => null },
    );
    expect(pulled.notice).toMatch(/pulled without a sign-in.*docker-credential-gone.*not installed/);
  });

  it('is named by the refusal of an engine that pulls by itself', async () => {
    await writeConfig({ credsStore: 'gone' });
    const refused = new AppError('unauthorized', 'The registry wants you to sign in.', { hint: 'Sign in.' });
    await expect(pullBy(() => Promise.reject(refused), keychain())).rejects.toMatchObject({
      ...gone,
      code: 'unauthorized',
      hint: expect.stringContaining('take it out of credsStore'),
    });
    const other = new AppError('not-found', 'There is no such image.');
    await expect(pullBy(() => Promise.reject(other), keychain())).rejects.toBe(other);
  });

  it('is not spoken of where it is installed, or nobody asked who we are', async () => {
    world.withBasic(HOST, 'ann', 'pw');
    await makeFakeHelper(join(home, 'bin'), 'here');
    await signInBy({ credsStore: 'gone', credHelpers: { [HOST]: 'here' } });
    await expect(world.push(`${HOST}/app:1`)).rejects.toMatchObject({
      message: expect.not.stringContaining('installed'),
    });
    world.withOpen('auth.example.com');
    await pingRegistry(world.client, 'auth.example.com');
    expect(world.client.missingHelper('auth.example.com')).toBeUndefined();
  });
});
