import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { parseReference } from '#shared/oci/reference.ts';
import { fetchManifest } from './manifests.ts';
import { ownRepository } from './repository.ts';
import { freePort } from './testing/real-registry.ts';
import { createTestClient } from './testing/test-client.ts';

describe('a registry that is reached through a proxy', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  let connects = 0;
  /** A proxy that answers every CONNECT with a status; its address carries a password. */
  async function startProxy(status: number): Promise<string> {
    connects = 0;
    const server = createServer();
    servers.push(server);
    server.on('connect', (_request, socket) => {
      connects += 1;
      socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('is spoken to over http where only that has a proxy', async () => {
    const server = createServer((request, response) => {
      response.setHeader('x-asked', request.url ?? '');
      response.statusCode = request.url?.endsWith('/v2/') ? 200 : 404;
      response.end();
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = `http://ada:100%@127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await failure({ HTTP_PROXY: proxy }, 'plain.invalid')).toMatchObject({ code: 'not-found' });
  });

  async function failure(environment: Record<string, string>, host = 'registry.invalid'): Promise<unknown> {
    const settings = { insecureHosts: ['plain.invalid'], mirrors: {} };
    const client = createTestClient({ environment, settings });
    try {
      return await fetchManifest(client, ownRepository(client, parseReference(`${host}/app:1`)), '1').catch(
        (error: unknown) => error,
      );
    } finally {
      await client.close();
    }
  }

  it.each(['registry.invalid', 'plain.invalid'])('says that the proxy does not answer (%s)', async (host) => {
    const proxy = `127.0.0.1:${await freePort()}`;
    const address = `http://ada:secret-word@${proxy}`;
    const error = await failure({ HTTPS_PROXY: address, HTTP_PROXY: address }, host);
    expect(error).toMatchObject({
      code: 'registry-unreachable',
      message: `The proxy ${proxy}, through which ${host} is reached, does not accept connections.`,
      hint: expect.stringContaining('HTTPS_PROXY'),
    });
    expect(JSON.stringify(error)).not.toContain('secret-word');
  });

  it('says that the proxy wants another sign-in, and asks once', async () => {
    const proxy = await startProxy(407);
    expect(await failure({ HTTPS_PROXY: `http://ada:secret-word@${proxy}` })).toMatchObject({
      message: `The proxy ${proxy} does not let us through without a sign-in that it accepts.`,
    });
    expect(connects).toBe(1);
  });

  it('says that the proxy refuses the host', async () => {
    const proxy = await startProxy(403);
    expect(await failure({ HTTPS_PROXY: proxy })).toMatchObject({
      message: `The proxy ${proxy} does not connect to registry.invalid (status 403).`,
      hint: expect.stringContaining('NO_PROXY'),
    });
  });

  it('says that a proxy of another kind was not used', async () => {
    expect(await failure({ HTTPS_PROXY: 'socks5://127.0.0.1:1080' })).toMatchObject({
      message: expect.stringContaining('registry.invalid'),
      hint: expect.stringContaining('socks5 proxy; only http and https ones can be used'),
    });
  });
});
