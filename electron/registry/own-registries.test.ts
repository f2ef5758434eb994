import { describe, expect, it } from 'vitest';
import { parseReference } from '#shared/oci/reference.ts';
import { pushImage } from './push.ts';
import { HAS_OPENSSL } from './testing/certificate.ts';
import { createFakeRegistry, refuse } from './testing/fake-registry.ts';
import { makeImage } from './testing/make-image.ts';
import { World } from './testing/world.ts';

describe.skipIf(!HAS_OPENSSL)('registries that people run themselves (needs openssl)', () => {
  const world = new World([
    'quay.io',
    'harbor.example.com',
    'acme.jfrog.io',
    'gitlab.com',
    'registry.gitlab.com',
    'registry.cn-hangzhou.aliyuncs.com',
    'registry.example.com',
  ]);

  describe('Quay', () => {
    it('mounts with the name of the other repository, and gets what it refuses to mount', async () => {
      const quay = world.withTokens(
        'quay.io',
        'https://quay.io/v2/auth',
        { users: { 'acme+robot': 'pw' } },
        { mount: 'forbidden' },
      );
      world.signInAs('quay.io', 'acme+robot', 'pw');
      await pushImage(world.client, world.image, parseReference('quay.io/acme/app:1'), {
        mountFrom: () => [parseReference('quay.io/acme/base')],
      });
      const mounts = world.sentTo('quay.io').filter(({ query }) => query.has('mount'));
      expect(new Set(mounts.map(({ query }) => query.get('from')))).toEqual(new Set(['acme/base']));
      expect(quay.blobs.size).toBe(3);
    });

    it('still has images in schema 1, which are refused by that name', async () => {
      const quay = createFakeRegistry();
      world.internet.host('quay.io', quay.handler);
      const bytes = Buffer.from(JSON.stringify({ schemaVersion: 1, name: 'old', fsLayers: [], history: [] }));
      quay.manifests.set('acme/old:1', {
        bytes,
        mediaType: 'application/vnd.docker.distribution.manifest.v1+prettyjws',
      });
      await expect(world.pull('quay.io/acme/old:1')).rejects.toMatchObject({
        code: 'unsupported',
        message: expect.stringContaining('schema 1'),
      });
    });
  });

  it('Harbor gets no cookie back, which it would take for a forged request', async () => {
    const harbor = createFakeRegistry({
      before: ({ headers }) =>
        headers.cookie === undefined ? undefined : refuse(403, 'FORBIDDEN', 'CSRF token invalid'),
    });
    world.internet.host('harbor.example.com', async (request) => {
      const answer = await harbor.handler(request);
      return {
        ...answer,
        headers: { ...answer.headers, 'set-cookie': ['sid=1; Path=/', '_gorilla_csrf=2'] },
      };
    });
    await world.push('harbor.example.com/library/app:1');
    await world.pull('harbor.example.com/library/app:1');
    expect(world.internet.requests.filter(({ headers }) => headers.cookie !== undefined)).toEqual([]);
  });

  it('Artifactory answers a token by POST with 401, takes no whole PUT, and has repositories below repositories', async () => {
    const realm = 'https://acme.jfrog.io/v2/token';
    const artifactory = world.withTokens(
      'acme.jfrog.io',
      realm,
      { users: { ann: 'pw' }, postStatus: 401 },
      {
        before: ({ method, body, path }) =>
          method === 'PUT' && path.includes('/uploads/') && body.length > 0
            ? { status: 405, body: 'Method Not Allowed' }
            : undefined,
      },
    );
    world.signInAs('acme.jfrog.io', 'ann', 'pw');
    await world.push('acme.jfrog.io/docker-local/team/app:1');
    expect(artifactory.blobs.size).toBe(3);
    const methods = world.sentTo('acme.jfrog.io').map(({ method }) => method);
    expect(methods.filter((method) => method === 'PATCH')).toHaveLength(3);
    world.internet.requests.length = 0;
    await pushImage(
      world.client,
      makeImage([5000]),
      parseReference('acme.jfrog.io/docker-local/team/other:1'),
    );
    expect(
      world.internet.requests.filter(
        ({ method, body, path }) => method === 'PUT' && path.includes('/uploads/') && body.length > 0,
      ),
    ).toEqual([]);
  });

  it('GitLab has its token server at another host, with a query of its own', async () => {
    const realm = 'https://gitlab.com/jwt/auth?from=registry';
    const gitlab = world.withTokens('registry.gitlab.com', realm, { users: { ann: 'pw' } });
    world.signInAs('registry.gitlab.com', 'ann', 'pw');
    await world.push('registry.gitlab.com/group/project/app:1');
    expect(gitlab.manifests.has('group/project/app:1')).toBe(true);
    for (const { query } of world.sentTo('gitlab.com')) expect(query.get('from')).toBe('registry');
  });

  it('Aliyun counts the range of a chunk within the chunk', async () => {
    const host = 'registry.cn-hangzhou.aliyuncs.com';
    const aliyun = createFakeRegistry({
      relativeRange: true,
      before: ({ method, body, path }) =>
        method === 'PUT' && path.includes('/uploads/') && body.length > 0 ? { status: 413 } : undefined,
    });
    world.internet.host(host, aliyun.handler);
    world.image = makeImage([20_000_000]);
    await world.push(`${host}/app:1`);
    expect(aliyun.blobs.get(world.image.layers[0]?.digest ?? '')?.length).toBe(world.image.layers[0]?.size);
  });

  it('a registry that drops chunks is found out, and nothing is claimed to be there', async () => {
    const dropping = createFakeRegistry({
      dropsChunks: true,
      before: ({ method, body, path }) =>
        method === 'PUT' && path.includes('/uploads/') && body.length > 0 ? { status: 413 } : undefined,
    });
    world.internet.host('registry.example.com', dropping.handler);
    world.image = makeImage([20_000_000]);
    await expect(world.push('registry.example.com/app:1')).rejects.toMatchObject({ code: 'registry-error' });
    expect(dropping.manifests.size).toBe(0);
  });
});
