import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCertificates } from './certificates.ts';
import { pingRegistry } from './ping.ts';
import { readServerCertificate, trustCertificate } from './server-certificate.ts';
import { HAS_OPENSSL, makeAuthority } from './testing/certificate.ts';
import { freePort, HAS_REGISTRY, type RealRegistry, startRealRegistry } from './testing/real-registry.ts';
import { createTestClient } from './testing/test-client.ts';

describe.skipIf(!HAS_OPENSSL || !HAS_REGISTRY)(
  'a server certificate (packages docker-registry, openssl)',
  () => {
    let folder: string;
    let registry: RealRegistry;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'strata-trust-'));
      registry = await startRealRegistry({
        tls: makeAuthority(folder).sign('server', ['IP:127.0.0.1', 'DNS:reg.example.com']),
      });
    });
    afterAll(async () => {
      await registry.close();
      await rm(folder, { recursive: true, force: true });
    });

    it('is shown before it is trusted', async () => {
      expect(await readServerCertificate(registry.host)).toMatchObject({
        host: registry.host,
        subject: 'CN=server',
        issuer: 'CN=Strata test authority',
        names: ['IP Address:127.0.0.1', 'DNS:reg.example.com'],
        isSelfSigned: false,
        fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
      });
    });

    it('is trusted for its host once a person says so, by itself without its authority', async () => {
      const certificates = createCertificates({ folders: [join(folder, 'own')] });
      const client = createTestClient({ certificates });
      await expect(pingRegistry(client, registry.host)).rejects.toMatchObject({ code: 'tls' });
      await trustCertificate(join(folder, 'own'), await readServerCertificate(registry.host));
      client.forget(registry.host);
      expect(await pingRegistry(client, registry.host)).toMatchObject({ isOpen: true });
      await client.close();
    });

    it('cannot be read where nobody answers, and says so', async () => {
      const port = await freePort();
      await expect(readServerCertificate(`127.0.0.1:${port}`)).rejects.toMatchObject({
        code: 'registry-unreachable',
      });
      await expect(readServerCertificate(registry.host, AbortSignal.abort())).rejects.toMatchObject({
        code: 'cancelled',
      });
    });
  },
);
