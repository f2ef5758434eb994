import { describe, expect, it } from 'vitest';
import { HAS_OPENSSL } from './testing/certificate.ts';
import { createFakeRegistry, giveBytes, refuse } from './testing/fake-registry.ts';
import { World } from './testing/world.ts';

describe.skipIf(!HAS_OPENSSL)('Docker Hub (needs openssl)', () => {
  const world = new World(['registry-1.docker.io', 'auth.docker.io', 'production.cloudflare.docker.com']);

  describe('Docker Hub', () => {
    const realm = 'https://auth.docker.io/token';
    const cdn = 'production.cloudflare.docker.com';
    const limits = {
      'ratelimit-limit': '100;w=21600',
      'ratelimit-remaining': '98;w=21600',
      'docker-ratelimit-source': '203.0.113.9',
    };

    it('is pulled from without an account, its storage without any token', async () => {
      const hub = world.withTokens(
        'registry-1.docker.io',
        realm,
        { anonymous: true },
        {
          blobRedirect: (digest) => `https://${cdn}/${digest}?verify=1`,
        },
      );
      world.internet.host(cdn, (request) =>
        giveBytes(request, hub.blobs.get(request.path.slice(1)) ?? Buffer.alloc(0)),
      );
      await hub.seed('library/nginx', '1.27', world.image);
      expect((await world.pull('nginx:1.27')).root.digest).toBe(world.image.digest);
      world.expectNoAuthorization('auth.docker.io');
      world.expectNoAuthorization(cdn);
      const [token] = world.sentTo('auth.docker.io');
      expect(token?.query.getAll('scope')).toEqual(['repository:library/nginx:pull']);
      expect(token?.query.get('service')).toBe('registry-1.docker.io');
    });

    it('is asked by HEAD first, and for the manifest only when it is not here', async () => {
      const hub = world.withTokens('registry-1.docker.io', realm, { anonymous: true });
      await hub.seed('library/nginx', '1.27', world.image);
      await world.pull('nginx:1.27');
      world.internet.requests.length = 0;
      await world.pull('nginx:1.27');
      expect(world.internet.log()).toEqual(['HEAD registry-1.docker.io/v2/library/nginx/manifests/1.27']);
    });

    it('is sent a password only at its token server', async () => {
      const hub = world.withTokens('registry-1.docker.io', realm, { users: { ann: 'pw' } });
      await hub.seed('ann/app', '1', world.image);
      world.signInAs('docker.io', 'ann', 'pw');
      await world.pull('ann/app:1');
      expect(
        world.sentTo('auth.docker.io').map(({ headers }) => headers.authorization?.split(' ')[0]),
      ).toEqual(['Basic']);
      for (const { headers } of world.sentTo('registry-1.docker.io'))
        expect(headers.authorization ?? '').not.toMatch(/^Basic/);
    });

    it('gets one request for a token from many at once', async () => {
      const hub = world.withTokens('registry-1.docker.io', realm, { anonymous: true });
      for (const tag of ['1', '2', '3', '4', '5']) await hub.seed('library/nginx', tag, world.image);
      await Promise.all(['1', '2', '3', '4', '5'].map((tag) => world.pull(`nginx:${tag}`)));
      expect(world.sentTo('auth.docker.io')).toHaveLength(1);
    });

    it('tells how many pulls are left', async () => {
      const registry = world.withTokens('registry-1.docker.io', realm, { anonymous: true });
      await registry.seed('library/nginx', '1', world.image);
      const { handler } = registry;
      world.internet.host('registry-1.docker.io', async (request) => {
        const answer = await handler(request);
        return { ...answer, headers: { ...limits, ...answer.headers } };
      });
      await world.pull('nginx:1');
      expect(world.client.rateLimit('docker.io')).toEqual({
        limit: 100,
        remaining: 98,
        windowSeconds: 21600,
        source: '203.0.113.9',
      });
    });

    it('is waited for when it says that there were too many requests', async () => {
      let left = 2;
      const hub = createFakeRegistry({
        before: ({ path }) =>
          path.includes('/manifests/') && left-- > 0
            ? { ...refuse(429, 'TOOMANYREQUESTS'), headers: { 'retry-after': '0' } }
            : undefined,
      });
      world.internet.host('registry-1.docker.io', hub.handler);
      await hub.seed('library/nginx', '1', world.image);
      await world.pull('nginx:1');
      expect(left).toBeLessThan(0);
    });

    it('is given up when it goes on refusing, with what to do', async () => {
      world.internet.host('registry-1.docker.io', () => ({
        ...refuse(429, 'TOOMANYREQUESTS', 'You have reached your pull rate limit.'),
      }));
      await expect(world.pull('nginx:1')).rejects.toMatchObject({
        code: 'rate-limited',
        message: expect.stringContaining('pull rate limit'),
        hint: expect.stringMatching(/sign in to docker\.io/),
      });
    });

    it('refuses a push to the repository of somebody else in words that name the right', async () => {
      world.withTokens('registry-1.docker.io', realm, { users: { ann: 'pw' }, firstScopeOnly: true }, {});
      const denied = { ...refuse(401, 'DENIED', 'requested access to the resource is denied') };
      const headers = {
        'www-authenticate': `Bearer realm="${realm}",service="registry.docker.io",error="insufficient_scope"`,
      };
      world.internet.host('registry-1.docker.io', () => ({ ...denied, headers }));
      world.signInAs('docker.io', 'ann', 'pw');
      await expect(world.push('bob/app:1')).rejects.toMatchObject({
        code: 'forbidden',
        message: expect.stringMatching(/ann may not push to docker\.io\/bob\/app/),
      });
      expect(world.sentTo('auth.docker.io').length).toBeLessThan(4);
    });

    it('refuses a wrong password at once', async () => {
      world.withTokens('registry-1.docker.io', realm, { users: { ann: 'pw' } });
      world.signInAs('docker.io', 'ann', 'wrong');
      await expect(world.pull('ann/app:1')).rejects.toMatchObject({
        code: 'unauthorized',
        message: expect.stringContaining('incorrect username or password'),
      });
      expect(JSON.stringify(world.internet.log())).not.toContain('wrong');
    });
  });
});
