import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseReference } from '#shared/oci/reference.ts';
import { addImage } from '../store/testing/add-image.ts';
import { ShareControl } from './share-control.ts';
import { startShare } from './start-share.ts';
import { openShare, rawRequest, type TestShare } from './testing/open-share.ts';

let test: TestShare;
beforeEach(async () => {
  test = await openShare({ isImmutable: async (name) => name.path === 'library/frozen' });
});
afterEach(() => test.remove());

describe('who may ask', () => {
  const ask = async (headers: Record<string, string>) =>
    (await rawRequest(test.share.port, 'GET', '/v2/', headers)).status;

  it('answers under names of this machine, through a tunnel too', async () => {
    for (const host of [test.share.address, 'localhost:9', 'LOCALHOST', '127.0.0.1'])
      expect(await ask({ host }), host).toBe(200);
  });

  it('refuses foreign names that lead here', async () => {
    for (const host of ['evil.example.com', 'localhost.evil.com:7421', '127.0.0.1.nip.io', '[::2]:7421'])
      expect(await ask({ host }), host).toBe(421);
  });

  it('refuses pages of a browser, also to write blindly', async () => {
    const host = test.share.address;
    expect(await ask({ host, origin: 'https://evil.example.com' })).toBe(403);
    expect(await ask({ host, 'sec-fetch-site': 'cross-site' })).toBe(403);
    const answer = await rawRequest(
      test.share.port,
      'POST',
      '/v2/a/blobs/uploads/',
      { host, origin: 'null' },
      'x',
    );
    expect(answer.status).toBe(403);
  });

  it('listens on the loopback address alone', async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal);
    for (const { address } of others)
      await expect(fetch(`http://${address}:${test.share.port}/v2/`)).rejects.toThrow();
    expect(test.share.address).toMatch(/^127\.0\.0\.1:\d+$/);
  });
});

describe('what may be changed', () => {
  it('gives and takes nothing where it is read-only', async () => {
    const control = await startShare(test.store, { port: 0, readOnly: true, report: () => {} });
    try {
      const image = await addImage(test.store, { a: 'a' }, { names: ['web:1'] });
      const call = (method: string, path: string, body?: string) =>
        fetch(`http://${control.address}${path}`, { method, ...(body === undefined ? {} : { body }) });
      expect((await call('GET', '/v2/web/manifests/1')).status).toBe(200);
      expect((await call('GET', `/v2/web/blobs/${image.configDigest}`)).status).toBe(200);
      for (const [method, path] of [
        ['POST', '/v2/web/blobs/uploads/'],
        ['PUT', '/v2/web/manifests/1'],
        ['DELETE', '/v2/web/manifests/1'],
        ['PATCH', '/v2/web/blobs/uploads/1'],
      ] as const)
        expect((await call(method, path, method === 'DELETE' ? undefined : 'x')).status, method).toBe(403);
    } finally {
      await control.close();
    }
  });

  it('does not move a tag of a repository that is marked as immutable', async () => {
    const one = await addImage(test.store, { a: 'one' }, { names: ['frozen:1', 'free:1'] });
    const two = await addImage(test.store, { a: 'two' });
    const put = async (repository: string, digest: typeof one.digest) =>
      (
        await fetch(`${test.url}/v2/${repository}/manifests/1`, {
          method: 'PUT',
          body: await test.store.content.read(digest),
        })
      ).status;
    expect(await put('frozen', one.digest)).toBe(201);
    expect(await put('frozen', two.digest)).toBe(409);
    expect(await put('free', two.digest)).toBe(201);
    expect((await test.store.names.resolve(parseReference('frozen:1')))?.digest).toBe(one.digest);
  });
});

describe('the share of a host', () => {
  const taken: Server[] = [];
  afterEach(() => {
    for (const server of taken.splice(0)) server.close();
  });
  const newControl = () =>
    new ShareControl((request) => startShare(test.store, { ...request, report: () => {} }));

  it('is off until it is started, keeps its port, and is off again', async () => {
    const control = newControl();
    expect(control.status()).toEqual({
      running: false,
      address: null,
      port: null,
      readOnly: false,
      recent: [],
    });
    const first = await control.start({ port: 0, readOnly: false });
    expect(await control.start({ readOnly: false })).toEqual(first);
    const changed = await control.start({ port: first.port ?? 0, readOnly: true });
    expect(changed).toEqual({ ...first, readOnly: true });
    expect(await control.stop()).toMatchObject({ running: false, address: null });
    await expect(fetch(`http://${first.address}/v2/`)).rejects.toThrow();
  });

  it('tells who pulled, pushed and untagged what, also after it was begun anew', async () => {
    let changes = 0;
    const control = new ShareControl(
      (request, onUse) => startShare(test.store, { ...request, onUse, report: () => {} }),
      () => {
        changes += 1;
      },
    );
    const image = await addImage(test.store, { a: 'used' }, { names: ['acme/used:1'] });
    const { address } = await control.start({ port: 0, readOnly: false });
    const at = (selector: string) => `http://${address}/v2/acme/used/manifests/${selector}`;
    const headers = { 'user-agent': 'docker/28.2.2 go/1.24 (linux)' };
    await fetch(at('1'), { method: 'HEAD', headers });
    expect(control.status().recent).toEqual([]);
    const pulled = await fetch(at('1'), { headers });
    const body = Buffer.from(await pulled.arrayBuffer());
    await fetch(at(image.digest), { headers });
    const type = { ...headers, 'content-type': pulled.headers.get('content-type') ?? '' };
    expect((await fetch(at('2'), { method: 'PUT', headers: type, body })).status).toBe(201);
    await control.start({ readOnly: false, port: 0 });
    const again = `http://${control.status().address}/v2/acme/used/manifests/2`;
    await fetch(again, { method: 'DELETE', headers });
    expect(
      control.status().recent.map(({ act, client, selector }) => `${client} ${act} ${selector}`),
    ).toEqual(['docker/28.2.2 untag 2', 'docker/28.2.2 push 2', 'docker/28.2.2 pull 1']);
    expect(changes).toBe(4);
    await control.stop();
    expect(control.status().recent).toHaveLength(3);
  });

  it('says so when its port is taken', async () => {
    const server = createServer();
    taken.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const control = newControl();
    await expect(control.start({ port, readOnly: false })).rejects.toMatchObject({ code: 'busy' });
    expect(control.status().running).toBe(false);
    await expect(startShare(test.store, { port: 70_000, report: () => {} })).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });
});
