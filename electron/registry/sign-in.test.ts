import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parsePlatform } from '#shared/oci/platform.ts';
import { parseReference } from '#shared/oci/reference.ts';
import { createAccounts } from './accounts.ts';
import { createCertificates } from './certificates.ts';
import type { RegistryClient, RegistryClientOptions } from './client.ts';
import { createKeychain } from './credentials/keychain.ts';
import { pingRegistry } from './ping.ts';
import { pullImage } from './pull.ts';
import { pushImage } from './push.ts';
import { HAS_OPENSSL, makeAuthority, type TestAuthority } from './testing/certificate.ts';
import { FolderBlobStore } from './testing/folder-blob-store.ts';
import { makeImage } from './testing/make-image.ts';
import { HAS_REGISTRY, type RealRegistry, startRealRegistry } from './testing/real-registry.ts';
import { type RealTokenServer, startTokenServer } from './testing/real-token-server.ts';
import { createTestClient, oneUser } from './testing/test-client.ts';

const platform = parsePlatform('linux/amd64');
const HAS_HTPASSWD = spawnSync('htpasswd', ['-nbB', 'a', 'b']).status === 0;
const CAN_RUN = HAS_REGISTRY && HAS_OPENSSL && HAS_HTPASSWD;

describe.skipIf(!CAN_RUN)(
  'a real registry with sign-in (packages docker-registry, openssl, apache2-utils)',
  () => {
    let folder: string;
    let authority: TestAuthority;
    const clients: RegistryClient[] = [];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'strata-sign-in-'));
      authority = makeAuthority(folder);
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));
    afterEach(async () => {
      for (const client of clients.splice(0)) await client.close();
      await rm(join(folder, 'store'), { recursive: true, force: true });
      await rm(join(folder, 'home'), { recursive: true, force: true });
    });

    const open = (options: Partial<RegistryClientOptions> = {}): RegistryClient => {
      const client = createTestClient(options);
      clients.push(client);
      return client;
    };
    const roundTrip = async (client: RegistryClient, name: string): Promise<void> => {
      const image = makeImage([1000, 400_000]);
      await pushImage(client, image, parseReference(name));
      const store = new FolderBlobStore(join(folder, 'store'));
      expect((await pullImage(client, parseReference(name), store, { platform })).root.digest).toBe(
        image.digest,
      );
    };

    describe('by htpasswd', () => {
      let registry: RealRegistry;
      beforeAll(async () => {
        const path = join(folder, 'htpasswd');
        await writeFile(path, execFileSync('htpasswd', ['-nbB', 'ann', 'pä:ss']));
        registry = await startRealRegistry({ htpasswd: path });
      });
      afterAll(() => registry.close());

      it('takes the right password', async () => {
        const client = open({ credentials: oneUser(registry.host, 'ann', 'pä:ss') });
        await roundTrip(client, `${registry.host}/app:1`);
      });

      it('refuses a wrong password and none, with words', async () => {
        const wrong = open({ credentials: oneUser(registry.host, 'ann', 'wrong') });
        const image = makeImage([10]);
        const target = parseReference(`${registry.host}/app:2`);
        await expect(pushImage(wrong, image, target)).rejects.toMatchObject({
          code: 'unauthorized',
          message: expect.stringContaining('does not accept the sign-in of ann'),
        });
        await expect(pushImage(open(), image, target)).rejects.toMatchObject({
          code: 'unauthorized',
          hint: expect.stringContaining(`strata login ${registry.host}`),
        });
        expect(await pingRegistry(open(), registry.host)).toMatchObject({ isOpen: false });
      });

      it('is signed in to only with a password that it accepts', async () => {
        const home = join(folder, 'home');
        const keychain = createKeychain({ home, environment: {} });
        const client = open({ credentials: keychain });
        const accounts = createAccounts(client, keychain);
        const host = registry.host;
        await expect(accounts.login({ host, username: 'ann', password: 'wrong' })).rejects.toMatchObject({
          code: 'unauthorized',
        });
        expect(await accounts.list()).toEqual([]);
        await expect(readFile(join(home, '.docker/config.json'))).rejects.toMatchObject({ code: 'ENOENT' });

        expect(
          await accounts.login({ host: `http://${host}/v2/`, username: 'ann', password: 'pä:ss' }),
        ).toMatchObject({ host, username: 'ann' });
        expect(await accounts.list()).toMatchObject([
          { host, username: 'ann', source: 'Docker config file' },
        ]);
        await roundTrip(client, `${host}/app:3`);

        await accounts.logout(host);
        expect(await accounts.list()).toEqual([]);
        await expect(roundTrip(client, `${host}/app:3`)).rejects.toMatchObject({ code: 'unauthorized' });
      });
    });

    describe('by a token server', () => {
      let registry: RealRegistry;
      let tokens: RealTokenServer;
      beforeAll(async () => {
        const files = authority.sign('tokens', ['DNS:tokens']);
        const options = { service: 'test registry', issuer: 'test issuer' };
        tokens = await startTokenServer({ ...options, files, users: { ann: 'pw' } });
        registry = await startRealRegistry({
          token: { ...options, realm: tokens.realm, certificates: files.certificate },
        });
      });
      afterAll(async () => {
        await registry.close();
        await tokens.close();
      });
      beforeEach(() => {
        tokens.asked.length = 0;
      });

      it('lets a user push and pull, with one token each', async () => {
        await roundTrip(open({ credentials: oneUser(registry.host, 'ann', 'pw') }), `${registry.host}/app:1`);
        expect(tokens.asked).toEqual(['GET repository:app:pull,push', 'GET repository:app:pull']);
      });

      it('lets anyone pull but not push', async () => {
        await roundTrip(
          open({ credentials: oneUser(registry.host, 'ann', 'pw') }),
          `${registry.host}/open:1`,
        );
        const anyone = open();
        const store = new FolderBlobStore(join(folder, 'store'));
        await pullImage(anyone, parseReference(`${registry.host}/open:1`), store, { platform });
        const push = pushImage(anyone, makeImage([10]), parseReference(`${registry.host}/open:2`));
        await expect(push).rejects.toMatchObject({ code: 'unauthorized' });
      });

      it('refuses a wrong password', async () => {
        const client = open({ credentials: oneUser(registry.host, 'ann', 'wrong') });
        await expect(pingRegistry(client, registry.host)).rejects.toMatchObject({
          code: 'unauthorized',
          message: expect.stringContaining('wrong user name or password'),
        });
      });

      it('mounts between repositories with the right to both', async () => {
        const client = open({ credentials: oneUser(registry.host, 'ann', 'pw') });
        const image = makeImage([5000]);
        await pushImage(client, image, parseReference(`${registry.host}/base:1`));
        const states = new Set<string>();
        await pushImage(client, image, parseReference(`${registry.host}/derived:1`), {
          mountFrom: () => [parseReference(`${registry.host}/base`)],
          onBlob: ({ state }) => states.add(state),
        });
        expect(states).toEqual(new Set(['waiting', 'mounted']));
      });
    });

    describe('over TLS with a private authority', () => {
      let registry: RealRegistry;
      beforeAll(async () => {
        const files = authority.sign('server', ['IP:127.0.0.1']);
        registry = await startRealRegistry({ tls: files });
      });
      afterAll(() => registry.close());

      it('is not trusted without its authority, even on loopback, and the error says where to put it', async () => {
        await expect(roundTrip(open(), `${registry.host}/app:1`)).rejects.toMatchObject({
          code: 'tls',
          message: expect.stringContaining('authority is not one that this machine trusts'),
          hint: expect.stringContaining(`certs.d/${registry.host}`),
        });
      });

      it('is trusted with its authority in a folder of its own', async () => {
        const folders = [join(folder, 'none'), join(folder, 'certs.d')];
        await mkdir(join(folder, 'certs.d', registry.host), { recursive: true });
        await writeFile(join(folder, 'certs.d', registry.host, 'ca.crt'), authority.pem);
        await roundTrip(open({ certificates: createCertificates({ folders }) }), `${registry.host}/app:1`);
      });

      it.skipIf(process.getuid?.() !== 0)(
        'is spoken to past a folder that the user may not read',
        async () => {
          const closed = join(folder, 'closed.d');
          await mkdir(closed, { mode: 0o700 });
          const certificates = createCertificates({ folders: [closed], authorities: [authority.pem] });
          process.seteuid?.(65534);
          try {
            expect(await certificates.contextFor(registry.host)).toBeDefined();
          } finally {
            process.seteuid?.(0);
          }
        },
      );

      it('is trusted with its authority among those of the system', async () => {
        const certificates = createCertificates({ folders: [], systemFile: authority.certificate });
        await roundTrip(open({ certificates }), `${registry.host}/app:1`);
      });

      it('is spoken to without trust when it is listed as insecure', async () => {
        const settings = { insecureHosts: [registry.host], mirrors: {} };
        await roundTrip(open({ settings }), `${registry.host}/app:1`);
      });

      it('is refused when its certificate is for another name', async () => {
        const other = authority.sign('other', ['DNS:other.example.com']);
        const wrong = await startRealRegistry({ tls: other });
        const certificates = createCertificates({ folders: [], authorities: [authority.pem] });
        try {
          await expect(roundTrip(open({ certificates }), `${wrong.host}/app:1`)).rejects.toMatchObject({
            code: 'tls',
            message: expect.stringContaining('another host name'),
          });
        } finally {
          await wrong.close();
        }
      });

      it('says so when a file of certificates cannot be read', async () => {
        const folders = [join(folder, 'bad.d')];
        await mkdir(join(folder, 'bad.d', registry.host), { recursive: true });
        await writeFile(join(folder, 'bad.d', registry.host, 'client.cert'), 'x');
        await expect(
          roundTrip(open({ certificates: createCertificates({ folders }) }), `${registry.host}/app:1`),
        ).rejects.toMatchObject({
          code: 'tls',
          message: expect.stringContaining('has no key'),
        });
      });
    });

    it('that wants a client certificate gets the one in its folder', async () => {
      const files = authority.sign('mutual', ['IP:127.0.0.1']);
      const client = authority.sign('client', ['DNS:client']);
      const registry = await startRealRegistry({ tls: { ...files, clientAuthority: authority.certificate } });
      try {
        const own = join(folder, 'mutual.d', registry.host);
        await mkdir(own, { recursive: true });
        await writeFile(join(own, 'ca.crt'), authority.pem);
        const folders = [join(folder, 'mutual.d')];
        await expect(
          roundTrip(open({ certificates: createCertificates({ folders }) }), `${registry.host}/app:1`),
        ).rejects.toMatchObject({ code: 'tls' });
        await writeFile(join(own, 'client.cert'), await readFile(client.certificate));
        await writeFile(join(own, 'client.key'), await readFile(client.key));
        await roundTrip(open({ certificates: createCertificates({ folders }) }), `${registry.host}/app:1`);
      } finally {
        await registry.close();
      }
    });
  },
);
