import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer as createProxy } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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
      expect(await readServerCertificate(registry.host, { environment: {} })).toMatchObject({
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
      await trustCertificate(
        join(folder, 'own'),
        await readServerCertificate(registry.host, { environment: {} }),
      );
      client.forget(registry.host);
      expect(await pingRegistry(client, registry.host)).toMatchObject({ isOpen: true });
      await client.close();
    });

    it('cannot be read where nobody answers, and says so', async () => {
      const port = await freePort();
      await expect(readServerCertificate(`127.0.0.1:${port}`, { environment: {} })).rejects.toMatchObject({
        code: 'registry-unreachable',
      });
      await expect(
        readServerCertificate(registry.host, { environment: {}, signal: AbortSignal.abort() }),
      ).rejects.toMatchObject({
        code: 'cancelled',
      });
    });
  },
);

describe.skipIf(!HAS_OPENSSL)('a server certificate behind a proxy (package openssl)', () => {
  const HOST = 'registry.example.com';
  let folder: string;
  let server: Server;
  let proxy: TestProxy;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'strata-tunnel-'));
    const { certificate, key } = makeAuthority(folder).sign('far', [`DNS:${HOST}`]);
    server = createServer({ cert: await readFile(certificate), key: await readFile(key) });
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    proxy = await startTestProxy((server.address() as AddressInfo).port);
  });
  afterAll(async () => {
    await proxy.close();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    proxy.asked.length = 0;
  });

  it.each([
    [HOST, `${HOST}:443`],
    [`${HOST}:5000`, `${HOST}:5000`],
  ])('of %s is read through the proxy that the environment names, with its sign-in', async (host, target) => {
    const environment = { HTTPS_PROXY: `http://ann:p%40ss@127.0.0.1:${proxy.port}` };
    expect(await readServerCertificate(host, { environment })).toMatchObject({ host, subject: 'CN=far' });
    const basic = Buffer.from('ann:p@ss').toString('base64');
    expect(proxy.asked).toEqual([`${target} Basic ${basic}`]);
  });

  it('is read without the proxy where NO_PROXY names the host', async () => {
    const environment = {
      HTTPS_PROXY: `http://ann:p%40ss@127.0.0.1:${proxy.port}`,
      NO_PROXY: 'example.invalid',
    };
    await expect(readServerCertificate('no.example.invalid', { environment })).rejects.toMatchObject({
      code: 'registry-unreachable',
    });
    expect(proxy.asked).toEqual([]);
  });

  it('is not there where the proxy refuses or is gone, and the proxy is named', async () => {
    const environment = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
    await expect(readServerCertificate(HOST, { environment })).rejects.toMatchObject({
      message: `The proxy 127.0.0.1:${proxy.port} does not let us through without a sign-in that it accepts.`,
    });
    const port = await freePort();
    const gone = { HTTPS_PROXY: `http://127.0.0.1:${port}` };
    await expect(readServerCertificate(HOST, { environment: gone })).rejects.toMatchObject({
      code: 'registry-unreachable',
      message: `The proxy 127.0.0.1:${port}, through which ${HOST} is reached, does not accept connections.`,
    });
  });
});

interface TestProxy {
  readonly port: number;
  /** Target and sign-in of each CONNECT. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** A proxy that wants a sign-in and connects every name to one port of this machine. */
async function startTestProxy(target: number): Promise<TestProxy> {
  const asked: string[] = [];
  const sockets = new Set<Duplex>();
  const proxy = createProxy();
  proxy.on('connect', (request, socket) => {
    sockets.add(socket.on('error', () => undefined));
    const signIn = request.headers['proxy-authorization'];
    asked.push(`${request.url} ${signIn}`);
    if (signIn === undefined) return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const far = connect(target, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      far.pipe(socket).pipe(far);
    });
    sockets.add(far.on('error', () => undefined));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => proxy.close(resolve));
  };
  return { port, asked, close };
}
