import { describe, expect, it } from 'vitest';
import { parseReference } from '#shared/oci/reference.ts';
import { headForPush } from './manifests.ts';
import { pushImage } from './push.ts';
import { ownRepository } from './repository.ts';
import { HAS_OPENSSL } from './testing/certificate.ts';
import { createFakeRegistry, refuse } from './testing/fake-registry.ts';
import { createTokenServer } from './testing/fake-token-server.ts';
import { makeImage } from './testing/make-image.ts';
import { World } from './testing/world.ts';

describe.skipIf(!HAS_OPENSSL)('token servers and addresses (needs openssl)', () => {
  const world = new World(['registry.example.com', 'uploads.example.com', 'gitlab.com']);

  describe('token servers', () => {
    const host = 'registry.example.com';

    it.each([
      [
        'both kinds of challenge at once',
        ['Basic realm="x"', 'Bearer realm="https://registry.example.com/t",service="s"'],
      ],
      [
        'both in one header',
        ['Basic realm="a, b", bearer REALM="https://registry.example.com/t", Service=s'],
      ],
    ])('are chosen from %s', async (_, challenges) => {
      const registry = createFakeRegistry();
      await registry.seed('app', '1', world.image);
      world.internet.host(host, (request) => {
        if (request.path === '/t') return createTokenServer({ anonymous: true })(request);
        if (request.headers.authorization?.startsWith('Bearer ')) return registry.handler(request);
        return { ...refuse(401, 'UNAUTHORIZED'), headers: { 'www-authenticate': challenges } };
      });
      await world.pull(`${host}/app:1`);
    });

    it.each([
      ['plain http', 'http://registry.example.com/t', /not encrypted/],
      ['a cloud metadata service', 'https://169.254.169.254/t', /private network/],
      ['a neighbour by address', 'https://192.168.1.1/t', /private network/],
      ['another protocol', 'file:///etc/passwd', /no web address/],
      ['an address with a password', 'https://a:b@gitlab.com/t', /carries a password/],
    ])('are refused at %s', async (_, realm, message) => {
      world.internet.host(host, () => ({
        ...refuse(401, 'UNAUTHORIZED'),
        headers: { 'www-authenticate': `Bearer realm="${realm}"` },
      }));
      world.signInAs(host, 'ann', 'pw');
      await expect(world.pull(`${host}/app:1`)).rejects.toMatchObject({
        code: 'registry-error',
        message: expect.stringMatching(message),
      });
      expect(world.internet.requests.filter(({ headers }) => headers.authorization !== undefined)).toEqual(
        [],
      );
    });

    it.each([
      ['no token', '{}'],
      ['a web page', '<html></html>'],
      ['a token with a line break', '{"token":"a\\r\\nx: y"}'],
      ['nothing', ''],
    ])('that send %s are told about', async (_, body) => {
      world.internet.host(host, ({ path }) =>
        path === '/t'
          ? { status: 200, body }
          : {
              ...refuse(401, 'UNAUTHORIZED'),
              headers: { 'www-authenticate': `Bearer realm="https://${host}/t"` },
            },
      );
      await expect(world.pull(`${host}/app:1`)).rejects.toMatchObject({
        code: 'registry-error',
        message: expect.stringContaining('no token'),
      });
    });

    it('are asked once more when a token is refused, and then no more', async () => {
      world.internet.host(host, (request) =>
        request.path === '/t'
          ? createTokenServer({ anonymous: true })(request)
          : {
              ...refuse(401, 'UNAUTHORIZED'),
              headers: { 'www-authenticate': `Bearer realm="https://${host}/t",error="invalid_token"` },
            },
      );
      await expect(world.pull(`${host}/app:1`)).rejects.toMatchObject({ code: 'unauthorized' });
      const before = world.internet.log().filter((line) => line.endsWith('/t')).length;
      world.internet.requests.length = 0;
      await expect(world.pull(`${host}/app:1`)).rejects.toMatchObject({ code: 'unauthorized' });
      expect(before).toBeLessThan(5);
      expect(world.internet.log().filter((line) => line.endsWith('/t')).length).toBeLessThan(5);
    });

    it('are asked for the right to push before a tag is looked at that will be pushed', async () => {
      world.withTokens(host, `https://${host}/t`, { users: { ann: 'pw' } });
      world.signInAs(host, 'ann', 'pw');
      const repository = ownRepository(world.client, parseReference(`${host}/new`));
      expect(await headForPush(world.client, repository, '1')).toBeNull();
      const asked = world.internet.requests.filter(({ path }) => path === '/t');
      expect(asked.map(({ query }) => query.getAll('scope'))).toEqual([['repository:new:pull,push']]);
    });

    it('are not needed for a password that is refused, which is sent once more at most', async () => {
      world.withBasic(host, 'ann', 'right');
      world.signInAs(host, 'ann', 'wrong');
      for (const times of [1, 2]) {
        await expect(world.pull(`${host}/app:${times}`)).rejects.toMatchObject({ code: 'unauthorized' });
      }
      const sent = world.internet.requests.filter(({ headers }) => headers.authorization !== undefined);
      expect(sent.length).toBeLessThanOrEqual(4);
    });

    it('that read only the first scope are asked for the needed one first', async () => {
      const registry = world.withTokens(host, `https://${host}/t`, {
        users: { ann: 'pw' },
        firstScopeOnly: true,
      });
      world.signInAs(host, 'ann', 'pw');
      await pushImage(world.client, world.image, parseReference(`${host}/app:1`), {
        mountFrom: () => [parseReference(`${host}/base`)],
      });
      expect(registry.manifests.has('app:1')).toBe(true);
    });
  });

  describe('addresses from a registry', () => {
    const host = 'registry.example.com';

    it('for an upload may be at another host, which sees no token', async () => {
      const registry = world.withBasic(host, 'ann', 'pw', { locationHost: 'uploads.example.com' });
      const inner = createFakeRegistry();
      world.internet.host('uploads.example.com', async (request) => {
        const digest = request.query.get('digest');
        if (digest !== null) registry.blobs.set(digest, request.body);
        return digest === null ? inner.handler(request) : { status: 201 };
      });
      world.signInAs(host, 'ann', 'pw');
      await world.push(`${host}/app:1`);
      expect(registry.blobs.size).toBe(3);
      world.expectNoAuthorization('uploads.example.com');
    });

    it("for an upload may name its own host by http, which is the proxy's doing", async () => {
      const registry = world.withOpen(host);
      world.internet.host(host, async (request) => {
        const answer = await registry.handler(request);
        const location = answer.headers?.location;
        if (typeof location !== 'string') return answer;
        return { ...answer, headers: { ...answer.headers, location: `http://${host}${location}` } };
      });
      await world.push(`${host}/app:1`);
      expect(world.internet.requests.every(({ isSecure }) => isSecure)).toBe(true);
    });

    it('keep the query of an upload and add the digest to it', async () => {
      world.internet.host(host, createFakeRegistry().handler);
      await world.push(`${host}/app:1`);
      const puts = world.internet.requests.filter(
        ({ method, path }) => method === 'PUT' && path.includes('/uploads/'),
      );
      for (const { query } of puts) expect([query.get('state'), query.has('digest')]).toEqual(['a+b', true]);
    });

    it.each(['https://10.0.0.1/x', 'http://gitlab.com/x', 'https://[::ffff:127.0.0.1]/x'])(
      'such as %s are not followed',
      async (address) => {
        const registry = createFakeRegistry({
          blobRedirect: () => address,
          locationHost: new URL(address).host,
        });
        await registry.seed('app', '1', world.image);
        world.internet.host(host, registry.handler);
        await expect(world.pull(`${host}/app:1`)).rejects.toMatchObject({
          code: 'registry-error',
          message: expect.stringContaining('sends us to'),
        });
        if (address.startsWith('https'))
          await expect(
            world
              .push(`${host}/other:1`)
              .then(() => pushImage(world.client, makeImage([9]), parseReference(`${host}/o:2`))),
          ).rejects.toMatchObject({ code: 'registry-error' });
      },
    );

    it('that lead in a circle are left', async () => {
      const registry = createFakeRegistry({
        blobRedirect: (digest) => `https://${host}/v2/app/blobs/${digest}`,
      });
      await registry.seed('app', '1', world.image);
      world.internet.host(host, registry.handler);
      await expect(world.pull(`${host}/app:1`)).rejects.toMatchObject({
        message: expect.stringContaining('without end'),
      });
    });
  });
});
