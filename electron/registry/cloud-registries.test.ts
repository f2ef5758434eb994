import { describe, expect, it } from 'vitest';
import { parseReference } from '#shared/oci/reference.ts';
import type { CredentialLookup } from './credentials/credential.ts';
import { Secret } from './credentials/secret.ts';
import { ownRepository } from './repository.ts';
import { listTags } from './tags.ts';
import { HAS_OPENSSL } from './testing/certificate.ts';
import { type FakeRegistry, giveBytes, refuse } from './testing/fake-registry.ts';
import { makeImage } from './testing/make-image.ts';
import { World } from './testing/world.ts';

const ECR = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const GAR = 'europe-docker.pkg.dev';
const ACR = 'acme.azurecr.io';

describe.skipIf(!HAS_OPENSSL)('registries of the large clouds (needs openssl)', () => {
  const world = new World([
    'ghcr.io',
    ECR,
    GAR,
    ACR,
    's3.eu-west-1.amazonaws.com',
    'acme.blob.core.windows.net',
  ]);

  describe('GHCR', () => {
    const realm = 'https://ghcr.io/token';

    it('gives a hundred tags a page, and all of them by its links', async () => {
      const ghcr = world.withTokens('ghcr.io', realm, { anonymous: true }, { tagsPerPage: 100 });
      for (let tag = 0; tag < 250; tag++) await ghcr.seed('acme/app', `1.0.${tag}`, world.image);
      const tags: string[] = [];
      for await (const page of listTags(
        world.client,
        ownRepository(world.client, parseReference('ghcr.io/acme/app')),
      ))
        tags.push(...page);
      expect(new Set(tags).size).toBe(250);
    });

    it('gets chunks of at most 4 MiB where the whole is too large for a proxy before it', async () => {
      const ghcr = world.withTokens(
        'ghcr.io',
        realm,
        { users: { ann: 'pw' } },
        {
          before: ({ method, body }) => {
            if (method === 'PUT' && body.length > 1_000_000)
              return { status: 413, body: '<html>too large</html>' };
            if (method === 'PATCH' && body.length > 4 * 1024 * 1024)
              return { status: 416, body: 'chunk exceeds 4.00MiB' };
            return undefined;
          },
        },
      );
      world.signInAs('ghcr.io', 'ann', 'pw');
      world.image = makeImage([9_000_000]);
      await world.push('ghcr.io/acme/app:1');
      expect(ghcr.blobs.get(world.image.layers[0]?.digest ?? '')?.length).toBe(world.image.layers[0]?.size);
      const patches = world.sentTo('ghcr.io').filter(({ method }) => method === 'PATCH');
      expect(patches.map(({ headers }) => headers['content-range'])).toEqual([
        '0-2097151',
        '2097152-6291455',
        `6291456-${(world.image.layers[0]?.size ?? 0) - 1}`,
      ]);
    });

    it('refuses a wrong token with 403, which is still a matter of the sign-in', async () => {
      world.withTokens('ghcr.io', realm, { getStatus: 403 });
      world.signInAs('ghcr.io', 'ann', 'wrong');
      await expect(world.pull('ghcr.io/acme/app:1')).rejects.toMatchObject({ code: 'unauthorized' });
    });
  });

  describe('ECR', () => {
    it('gets each blob in one piece and its password by Basic, its storage neither', async () => {
      const s3 = 's3.eu-west-1.amazonaws.com';
      const ecr = world.withBasic(ECR, 'AWS', 'token', {
        patchStatus: 201,
        dropsChunks: true,
        mount: 'refused',
        blobRedirect: (digest) => `https://${s3}/bucket/${digest}?X-Amz-Signature=1`,
      });
      world.internet.host(s3, (request) =>
        request.method === 'GET' && request.headers.authorization === undefined
          ? giveBytes(request, ecr.blobs.get(request.path.replace('/bucket/', '')) ?? Buffer.alloc(0))
          : { status: 400, body: '<Error><Code>InvalidArgument</Code></Error>' },
      );
      world.signInAs(ECR, 'AWS', 'token');
      await world.push(`${ECR}/app:1`);
      expect(world.sentTo(ECR).filter(({ method }) => method === 'PATCH')).toEqual([]);
      await world.pull(`${ECR}/app:1`);
      world.expectNoAuthorization(s3);
      world.internet.requests.length = 0;
      await world.push(`${ECR}/app:2`);
      expect(world.internet.log().filter((line) => line.includes(s3))).toEqual([]);
    });

    it('wants the repository to be made first, which the error says', async () => {
      world.withBasic(ECR, 'AWS', 'token', {
        before: ({ path, method }) =>
          method === 'HEAD'
            ? { status: 404 }
            : path.includes('/uploads/')
              ? refuse(404, 'NAME_UNKNOWN', 'The repository does not exist')
              : undefined,
      });
      world.signInAs(ECR, 'AWS', 'token');
      await expect(world.push(`${ECR}/app:1`)).rejects.toMatchObject({
        code: 'not-found',
        hint: expect.stringContaining('made before the first push'),
      });
    });

    it('refuses to move an immutable tag, which the error says', async () => {
      world.withBasic(ECR, 'AWS', 'token', {
        before: ({ path, method }) =>
          method === 'PUT' && path.includes('/manifests/')
            ? refuse(
                400,
                'TAG_INVALID',
                "The world.image tag '1' already exists in the 'app' repository and cannot be overwritten because the repository is immutable.",
              )
            : undefined,
      });
      world.signInAs(ECR, 'AWS', 'token');
      await expect(world.push(`${ECR}/app:1`)).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('immutable'),
      });
    });

    it('gets all blobs again when it does not find one that it said it had', async () => {
      let isLying = true;
      const ecr: FakeRegistry = world.withBasic(ECR, 'AWS', 'token', {
        before: ({ path, method }) => {
          if (isLying && method === 'HEAD' && path.includes('/blobs/')) return { status: 200 };
          if (method === 'PUT' && path.includes('/manifests/') && ecr.blobs.size < 3) {
            isLying = false;
            return refuse(400, 'MANIFEST_BLOB_UNKNOWN');
          }
          return undefined;
        },
      });
      world.signInAs(ECR, 'AWS', 'token');
      await world.push(`${ECR}/app:1`);
      expect(ecr.blobs.size).toBe(3);
    });
  });

  describe('Google Artifact Registry', () => {
    it('knows no POST for tokens and needs none', async () => {
      const gar = world.withTokens(GAR, `https://${GAR}/v2/token`, {
        users: { oauth2accesstoken: 'ya29' },
        postStatus: 404,
      });
      world.signInAs(GAR, 'oauth2accesstoken', 'ya29');
      await world.push(`${GAR}/project/repo/app:1`);
      expect(gar.manifests.has('project/repo/app:1')).toBe(true);
    });

    it('answers bad names with a web page, which the error says', async () => {
      world.internet.host(GAR, () => ({
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: '<!doctype html><title>Sign in</title>',
      }));
      await expect(world.pull(`${GAR}/app:1`)).rejects.toMatchObject({
        code: 'registry-error',
        message: expect.stringContaining('web page'),
      });
    });
  });

  describe('Azure', () => {
    const realm = `https://${ACR}/oauth2/token`;
    const identity = (token: string): CredentialLookup => ({
      find: async (host) =>
        host !== ACR
          ? null
          : {
              source: 'test',
              credential: {
                username: undefined,
                password: undefined,
                identityToken: new Secret(token),
                registryToken: undefined,
              },
            },
    });

    it('exchanges an identity token by POST and gives blobs by a storage that must see no token', async () => {
      const storage = 'acme.blob.core.windows.net';
      const acr = world.withTokens(
        ACR,
        realm,
        { refreshTokens: ['refresh'], field: 'access_token', getStatus: 401 },
        {
          blobRedirect: (digest) => `https://${storage}/${digest}?sig=1`,
        },
      );
      world.internet.host(storage, (request) =>
        giveBytes(request, acr.blobs.get(request.path.slice(1)) ?? Buffer.alloc(0)),
      );
      await acr.seed('app', '1', world.image);
      world.signIn(identity('refresh'));
      await world.pull(`${ACR}/app:1`);
      world.expectNoAuthorization(storage);
      const exchange = world.sentTo(ACR).find(({ method }) => method === 'POST');
      expect(new URLSearchParams(exchange?.body.toString()).get('scope')).toBe('repository:app:pull');
      expect(exchange?.query.size).toBe(0);
    });

    it('refuses an identity token that has expired as a matter of the sign-in', async () => {
      world.withTokens(ACR, realm, { refreshTokens: ['refresh'] });
      world.signIn(identity('old'));
      await expect(world.pull(`${ACR}/app:1`)).rejects.toMatchObject({ code: 'unauthorized' });
    });
  });
});
