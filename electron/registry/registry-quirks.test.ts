import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Image } from '#electron/image/image.ts';
import { parsePlatform } from '#shared/oci/platform.ts';
import { parseReference } from '#shared/oci/reference.ts';
import { createCertificates } from './certificates.ts';
import type { RegistryClient } from './client.ts';
import type { CredentialLookup } from './credentials/credential.ts';
import { Secret } from './credentials/secret.ts';
import { pullImage } from './pull.ts';
import { pushImage } from './push.ts';
import { ownRepository } from './repository.ts';
import { listTags } from './tags.ts';
import { HAS_OPENSSL } from './testing/certificate.ts';
import { type FakeInternet, type FakeRequest, startFakeInternet } from './testing/fake-internet.ts';
import {
  createFakeRegistry,
  type FakeRegistry,
  giveBytes,
  type Quirks,
  refuse,
} from './testing/fake-registry.ts';
import { createTokenServer, requireToken, type TokenServerOptions } from './testing/fake-token-server.ts';
import { FolderBlobStore } from './testing/folder-blob-store.ts';
import { makeImage } from './testing/make-image.ts';
import { createTestClient, oneUser } from './testing/test-client.ts';

const platform = parsePlatform('linux/amd64');
const ECR = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const GAR = 'europe-docker.pkg.dev';
const ACR = 'acme.azurecr.io';
const HOSTS = [
  'registry-1.docker.io',
  'auth.docker.io',
  'production.cloudflare.docker.com',
  'ghcr.io',
  ECR,
  GAR,
  ACR,
  'quay.io',
  's3.eu-west-1.amazonaws.com',
  'acme.blob.core.windows.net',
  'harbor.example.com',
  'acme.jfrog.io',
  'gitlab.com',
  'registry.gitlab.com',
  'registry.cn-hangzhou.aliyuncs.com',
  'registry.example.com',
  'uploads.example.com',
];

describe.skipIf(!HAS_OPENSSL)('registries with quirks (needs openssl)', () => {
  let internet: FakeInternet;
  let client: RegistryClient;
  let folder: string;
  let store: FolderBlobStore;
  let image: Image;

  beforeAll(async () => {
    internet = await startFakeInternet(HOSTS);
  });
  afterAll(() => internet.close());
  beforeEach(async () => {
    internet.requests.length = 0;
    folder = await mkdtemp(join(tmpdir(), 'strata-quirks-'));
    store = new FolderBlobStore(folder);
    image = makeImage([50_000, 2_000]);
    open();
  });
  afterEach(async () => {
    await client.close();
    await rm(folder, { recursive: true, force: true });
  });

  function open(credentials?: CredentialLookup): void {
    client = createTestClient({
      ...(credentials === undefined ? {} : { credentials }),
      certificates: createCertificates({ folders: [], authorities: [internet.authority] }),
      environment: { HTTPS_PROXY: internet.proxy, HTTP_PROXY: internet.proxy },
    });
  }

  /** A registry whose tokens come from a server at `realm`. */
  function withTokens(
    host: string,
    realm: string,
    tokens: TokenServerOptions,
    quirks: Quirks = {},
  ): FakeRegistry {
    const challenge = { realm, service: host };
    const registry = createFakeRegistry({
      ...quirks,
      before: (request) => requireToken(request, challenge) ?? quirks.before?.(request),
    });
    const tokenHost = new URL(realm).host;
    const tokenServer = createTokenServer(tokens);
    if (tokenHost === host) {
      internet.host(host, (request) =>
        request.path === new URL(realm).pathname ? tokenServer(request) : registry.handler(request),
      );
    } else {
      internet.host(host, registry.handler);
      internet.host(tokenHost, tokenServer);
    }
    return registry;
  }

  /** A registry that wants a user name and password with each request. */
  function withBasic(host: string, user: string, password: string, quirks: Quirks = {}): FakeRegistry {
    const wanted = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const registry = createFakeRegistry({
      ...quirks,
      before: (request) =>
        request.headers.authorization === wanted
          ? quirks.before?.(request)
          : {
              ...refuse(401, 'UNAUTHORIZED'),
              headers: { 'www-authenticate': 'Basic realm="https://registry/"' },
            },
    });
    internet.host(host, registry.handler);
    return registry;
  }

  const pull = (name: string) => pullImage(client, parseReference(name), store, { platform });
  const push = (name: string) => pushImage(client, image, parseReference(name));
  const sentTo = (host: string): FakeRequest[] =>
    internet.requests.filter((request) => request.host === host);
  const expectNoAuthorization = (host: string): void => {
    expect(sentTo(host).length).toBeGreaterThan(0);
    for (const request of sentTo(host)) expect(request.headers.authorization).toBeUndefined();
  };

  describe('Docker Hub', () => {
    const realm = 'https://auth.docker.io/token';
    const cdn = 'production.cloudflare.docker.com';
    const limits = {
      'ratelimit-limit': '100;w=21600',
      'ratelimit-remaining': '98;w=21600',
      'docker-ratelimit-source': '203.0.113.9',
    };

    it('is pulled from without an account, its storage without any token', async () => {
      const hub = withTokens(
        'registry-1.docker.io',
        realm,
        { anonymous: true },
        {
          blobRedirect: (digest) => `https://${cdn}/${digest}?verify=1`,
        },
      );
      internet.host(cdn, (request) =>
        giveBytes(request, hub.blobs.get(request.path.slice(1)) ?? Buffer.alloc(0)),
      );
      await hub.seed('library/nginx', '1.27', image);
      expect((await pull('nginx:1.27')).root.digest).toBe(image.digest);
      expectNoAuthorization('auth.docker.io');
      expectNoAuthorization(cdn);
      const [token] = sentTo('auth.docker.io');
      expect(token?.query.getAll('scope')).toEqual(['repository:library/nginx:pull']);
      expect(token?.query.get('service')).toBe('registry-1.docker.io');
    });

    it('is asked by HEAD first, and for the manifest only when it is not here', async () => {
      const hub = withTokens('registry-1.docker.io', realm, { anonymous: true });
      await hub.seed('library/nginx', '1.27', image);
      await pull('nginx:1.27');
      internet.requests.length = 0;
      await pull('nginx:1.27');
      expect(internet.log()).toEqual(['HEAD registry-1.docker.io/v2/library/nginx/manifests/1.27']);
    });

    it('is sent a password only at its token server', async () => {
      const hub = withTokens('registry-1.docker.io', realm, { users: { ann: 'pw' } });
      await hub.seed('ann/app', '1', image);
      open(oneUser('docker.io', 'ann', 'pw'));
      await pull('ann/app:1');
      expect(sentTo('auth.docker.io').map(({ headers }) => headers.authorization?.split(' ')[0])).toEqual([
        'Basic',
      ]);
      for (const { headers } of sentTo('registry-1.docker.io'))
        expect(headers.authorization ?? '').not.toMatch(/^Basic/);
    });

    it('gets one request for a token from many at once', async () => {
      const hub = withTokens('registry-1.docker.io', realm, { anonymous: true });
      for (const tag of ['1', '2', '3', '4', '5']) await hub.seed('library/nginx', tag, image);
      await Promise.all(['1', '2', '3', '4', '5'].map((tag) => pull(`nginx:${tag}`)));
      expect(sentTo('auth.docker.io')).toHaveLength(1);
    });

    it('tells how many pulls are left', async () => {
      const registry = withTokens('registry-1.docker.io', realm, { anonymous: true });
      await registry.seed('library/nginx', '1', image);
      const { handler } = registry;
      internet.host('registry-1.docker.io', async (request) => {
        const answer = await handler(request);
        return { ...answer, headers: { ...limits, ...answer.headers } };
      });
      await pull('nginx:1');
      expect(client.rateLimit('docker.io')).toEqual({
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
      internet.host('registry-1.docker.io', hub.handler);
      await hub.seed('library/nginx', '1', image);
      await pull('nginx:1');
      expect(left).toBeLessThan(0);
    });

    it('is given up when it goes on refusing, with what to do', async () => {
      internet.host('registry-1.docker.io', () => ({
        ...refuse(429, 'TOOMANYREQUESTS', 'You have reached your pull rate limit.'),
      }));
      await expect(pull('nginx:1')).rejects.toMatchObject({
        code: 'rate-limited',
        message: expect.stringContaining('pull rate limit'),
        hint: expect.stringMatching(/sign in to docker\.io/),
      });
    });

    it('refuses a push to the repository of somebody else in words that name the right', async () => {
      withTokens('registry-1.docker.io', realm, { users: { ann: 'pw' }, firstScopeOnly: true }, {});
      const denied = { ...refuse(401, 'DENIED', 'requested access to the resource is denied') };
      const headers = {
        'www-authenticate': `Bearer realm="${realm}",service="registry.docker.io",error="insufficient_scope"`,
      };
      internet.host('registry-1.docker.io', () => ({ ...denied, headers }));
      open(oneUser('docker.io', 'ann', 'pw'));
      await expect(push('bob/app:1')).rejects.toMatchObject({
        code: 'forbidden',
        message: expect.stringMatching(/ann may not push to docker\.io\/bob\/app/),
      });
      expect(sentTo('auth.docker.io').length).toBeLessThan(4);
    });

    it('refuses a wrong password at once', async () => {
      withTokens('registry-1.docker.io', realm, { users: { ann: 'pw' } });
      open(oneUser('docker.io', 'ann', 'wrong'));
      await expect(pull('ann/app:1')).rejects.toMatchObject({
        code: 'unauthorized',
        message: expect.stringContaining('incorrect username or password'),
      });
      expect(JSON.stringify(internet.log())).not.toContain('wrong');
    });
  });

  describe('GHCR', () => {
    const realm = 'https://ghcr.io/token';

    it('gives a hundred tags a page, and all of them by its links', async () => {
      const ghcr = withTokens('ghcr.io', realm, { anonymous: true }, { tagsPerPage: 100 });
      for (let tag = 0; tag < 250; tag++) await ghcr.seed('acme/app', `1.0.${tag}`, image);
      const tags: string[] = [];
      for await (const page of listTags(client, ownRepository(client, parseReference('ghcr.io/acme/app'))))
        tags.push(...page);
      expect(new Set(tags).size).toBe(250);
    });

    it('gets chunks of at most 4 MiB where the whole is too large for a proxy before it', async () => {
      const ghcr = withTokens(
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
      open(oneUser('ghcr.io', 'ann', 'pw'));
      image = makeImage([9_000_000]);
      await push('ghcr.io/acme/app:1');
      expect(ghcr.blobs.get(image.layers[0]?.digest ?? '')?.length).toBe(image.layers[0]?.size);
      const patches = sentTo('ghcr.io').filter(({ method }) => method === 'PATCH');
      expect(patches.map(({ headers }) => headers['content-range'])).toEqual([
        '0-2097151',
        '2097152-6291455',
        `6291456-${(image.layers[0]?.size ?? 0) - 1}`,
      ]);
    });

    it('refuses a wrong token with 403, which is still a matter of the sign-in', async () => {
      withTokens('ghcr.io', realm, { getStatus: 403 });
      open(oneUser('ghcr.io', 'ann', 'wrong'));
      await expect(pull('ghcr.io/acme/app:1')).rejects.toMatchObject({ code: 'unauthorized' });
    });
  });

  describe('ECR', () => {
    it('gets each blob in one piece and its password by Basic, its storage neither', async () => {
      const s3 = 's3.eu-west-1.amazonaws.com';
      const ecr = withBasic(ECR, 'AWS', 'token', {
        patchStatus: 201,
        dropsChunks: true,
        mount: 'refused',
        blobRedirect: (digest) => `https://${s3}/bucket/${digest}?X-Amz-Signature=1`,
      });
      internet.host(s3, (request) =>
        request.method === 'GET' && request.headers.authorization === undefined
          ? giveBytes(request, ecr.blobs.get(request.path.replace('/bucket/', '')) ?? Buffer.alloc(0))
          : { status: 400, body: '<Error><Code>InvalidArgument</Code></Error>' },
      );
      open(oneUser(ECR, 'AWS', 'token'));
      await push(`${ECR}/app:1`);
      expect(sentTo(ECR).filter(({ method }) => method === 'PATCH')).toEqual([]);
      await pull(`${ECR}/app:1`);
      expectNoAuthorization(s3);
      internet.requests.length = 0;
      await push(`${ECR}/app:2`);
      expect(internet.log().filter((line) => line.includes(s3))).toEqual([]);
    });

    it('wants the repository to be made first, which the error says', async () => {
      withBasic(ECR, 'AWS', 'token', {
        before: ({ path, method }) =>
          method === 'HEAD'
            ? { status: 404 }
            : path.includes('/uploads/')
              ? refuse(404, 'NAME_UNKNOWN', 'The repository does not exist')
              : undefined,
      });
      open(oneUser(ECR, 'AWS', 'token'));
      await expect(push(`${ECR}/app:1`)).rejects.toMatchObject({
        code: 'not-found',
        hint: expect.stringContaining('made before the first push'),
      });
    });

    it('refuses to move an immutable tag, which the error says', async () => {
      withBasic(ECR, 'AWS', 'token', {
        before: ({ path, method }) =>
          method === 'PUT' && path.includes('/manifests/')
            ? refuse(
                400,
                'TAG_INVALID',
                "The image tag '1' already exists in the 'app' repository and cannot be overwritten because the repository is immutable.",
              )
            : undefined,
      });
      open(oneUser(ECR, 'AWS', 'token'));
      await expect(push(`${ECR}/app:1`)).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('immutable'),
      });
    });

    it('gets all blobs again when it does not find one that it said it had', async () => {
      let isLying = true;
      const ecr: FakeRegistry = withBasic(ECR, 'AWS', 'token', {
        before: ({ path, method }) => {
          if (isLying && method === 'HEAD' && path.includes('/blobs/')) return { status: 200 };
          if (method === 'PUT' && path.includes('/manifests/') && ecr.blobs.size < 3) {
            isLying = false;
            return refuse(400, 'MANIFEST_BLOB_UNKNOWN');
          }
          return undefined;
        },
      });
      open(oneUser(ECR, 'AWS', 'token'));
      await push(`${ECR}/app:1`);
      expect(ecr.blobs.size).toBe(3);
    });
  });

  describe('Google Artifact Registry', () => {
    it('knows no POST for tokens and needs none', async () => {
      const gar = withTokens(GAR, `https://${GAR}/v2/token`, {
        users: { oauth2accesstoken: 'ya29' },
        postStatus: 404,
      });
      open(oneUser(GAR, 'oauth2accesstoken', 'ya29'));
      await push(`${GAR}/project/repo/app:1`);
      expect(gar.manifests.has('project/repo/app:1')).toBe(true);
    });

    it('answers bad names with a web page, which the error says', async () => {
      internet.host(GAR, () => ({
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: '<!doctype html><title>Sign in</title>',
      }));
      await expect(pull(`${GAR}/app:1`)).rejects.toMatchObject({
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
      const acr = withTokens(
        ACR,
        realm,
        { refreshTokens: ['refresh'], field: 'access_token', getStatus: 401 },
        {
          blobRedirect: (digest) => `https://${storage}/${digest}?sig=1`,
        },
      );
      internet.host(storage, (request) =>
        giveBytes(request, acr.blobs.get(request.path.slice(1)) ?? Buffer.alloc(0)),
      );
      await acr.seed('app', '1', image);
      open(identity('refresh'));
      await pull(`${ACR}/app:1`);
      expectNoAuthorization(storage);
      const exchange = sentTo(ACR).find(({ method }) => method === 'POST');
      expect(new URLSearchParams(exchange?.body.toString()).get('scope')).toBe('repository:app:pull');
      expect(exchange?.query.size).toBe(0);
    });

    it('refuses an identity token that has expired as a matter of the sign-in', async () => {
      withTokens(ACR, realm, { refreshTokens: ['refresh'] });
      open(identity('old'));
      await expect(pull(`${ACR}/app:1`)).rejects.toMatchObject({ code: 'unauthorized' });
    });
  });

  describe('Quay', () => {
    it('mounts with the name of the other repository, and gets what it refuses to mount', async () => {
      const quay = withTokens(
        'quay.io',
        'https://quay.io/v2/auth',
        { users: { 'acme+robot': 'pw' } },
        { mount: 'forbidden' },
      );
      open(oneUser('quay.io', 'acme+robot', 'pw'));
      await pushImage(client, image, parseReference('quay.io/acme/app:1'), {
        mountFrom: () => [parseReference('quay.io/acme/base')],
      });
      const mounts = sentTo('quay.io').filter(({ query }) => query.has('mount'));
      expect(new Set(mounts.map(({ query }) => query.get('from')))).toEqual(new Set(['acme/base']));
      expect(quay.blobs.size).toBe(3);
    });

    it('still has images in schema 1, which are refused by that name', async () => {
      const quay = createFakeRegistry();
      internet.host('quay.io', quay.handler);
      const bytes = Buffer.from(JSON.stringify({ schemaVersion: 1, name: 'old', fsLayers: [], history: [] }));
      quay.manifests.set('acme/old:1', {
        bytes,
        mediaType: 'application/vnd.docker.distribution.manifest.v1+prettyjws',
      });
      await expect(pull('quay.io/acme/old:1')).rejects.toMatchObject({
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
    internet.host('harbor.example.com', async (request) => {
      const answer = await harbor.handler(request);
      return {
        ...answer,
        headers: { ...answer.headers, 'set-cookie': ['sid=1; Path=/', '_gorilla_csrf=2'] },
      };
    });
    await push('harbor.example.com/library/app:1');
    await pull('harbor.example.com/library/app:1');
    expect(internet.requests.filter(({ headers }) => headers.cookie !== undefined)).toEqual([]);
  });

  it('Artifactory answers a token by POST with 401, takes no whole PUT, and has repositories below repositories', async () => {
    const realm = 'https://acme.jfrog.io/v2/token';
    const artifactory = withTokens(
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
    open(oneUser('acme.jfrog.io', 'ann', 'pw'));
    await push('acme.jfrog.io/docker-local/team/app:1');
    expect(artifactory.blobs.size).toBe(3);
    const methods = sentTo('acme.jfrog.io').map(({ method }) => method);
    expect(methods.filter((method) => method === 'PATCH')).toHaveLength(3);
    internet.requests.length = 0;
    await pushImage(client, makeImage([5000]), parseReference('acme.jfrog.io/docker-local/team/other:1'));
    expect(
      internet.requests.filter(
        ({ method, body, path }) => method === 'PUT' && path.includes('/uploads/') && body.length > 0,
      ),
    ).toEqual([]);
  });

  it('GitLab has its token server at another host, with a query of its own', async () => {
    const realm = 'https://gitlab.com/jwt/auth?from=registry';
    const gitlab = withTokens('registry.gitlab.com', realm, { users: { ann: 'pw' } });
    open(oneUser('registry.gitlab.com', 'ann', 'pw'));
    await push('registry.gitlab.com/group/project/app:1');
    expect(gitlab.manifests.has('group/project/app:1')).toBe(true);
    for (const { query } of sentTo('gitlab.com')) expect(query.get('from')).toBe('registry');
  });

  it('Aliyun counts the range of a chunk within the chunk', async () => {
    const host = 'registry.cn-hangzhou.aliyuncs.com';
    const aliyun = createFakeRegistry({
      relativeRange: true,
      before: ({ method, body, path }) =>
        method === 'PUT' && path.includes('/uploads/') && body.length > 0 ? { status: 413 } : undefined,
    });
    internet.host(host, aliyun.handler);
    image = makeImage([20_000_000]);
    await push(`${host}/app:1`);
    expect(aliyun.blobs.get(image.layers[0]?.digest ?? '')?.length).toBe(image.layers[0]?.size);
  });

  it('a registry that drops chunks is found out, and nothing is claimed to be there', async () => {
    const dropping = createFakeRegistry({
      dropsChunks: true,
      before: ({ method, body, path }) =>
        method === 'PUT' && path.includes('/uploads/') && body.length > 0 ? { status: 413 } : undefined,
    });
    internet.host('registry.example.com', dropping.handler);
    image = makeImage([20_000_000]);
    await expect(push('registry.example.com/app:1')).rejects.toMatchObject({ code: 'registry-error' });
    expect(dropping.manifests.size).toBe(0);
  });

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
      await registry.seed('app', '1', image);
      internet.host(host, (request) => {
        if (request.path === '/t') return createTokenServer({ anonymous: true })(request);
        if (request.headers.authorization?.startsWith('Bearer ')) return registry.handler(request);
        return { ...refuse(401, 'UNAUTHORIZED'), headers: { 'www-authenticate': challenges } };
      });
      await pull(`${host}/app:1`);
    });

    it.each([
      ['plain http', 'http://registry.example.com/t', /not encrypted/],
      ['a cloud metadata service', 'https://169.254.169.254/t', /private network/],
      ['a neighbour by address', 'https://192.168.1.1/t', /private network/],
      ['another protocol', 'file:///etc/passwd', /no web address/],
      ['an address with a password', 'https://a:b@gitlab.com/t', /carries a password/],
    ])('are refused at %s', async (_, realm, message) => {
      internet.host(host, () => ({
        ...refuse(401, 'UNAUTHORIZED'),
        headers: { 'www-authenticate': `Bearer realm="${realm}"` },
      }));
      open(oneUser(host, 'ann', 'pw'));
      await expect(pull(`${host}/app:1`)).rejects.toMatchObject({
        code: 'registry-error',
        message: expect.stringMatching(message),
      });
      expect(internet.requests.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
    });

    it.each([
      ['no token', '{}'],
      ['a web page', '<html></html>'],
      ['a token with a line break', '{"token":"a\\r\\nx: y"}'],
      ['nothing', ''],
    ])('that send %s are told about', async (_, body) => {
      internet.host(host, ({ path }) =>
        path === '/t'
          ? { status: 200, body }
          : {
              ...refuse(401, 'UNAUTHORIZED'),
              headers: { 'www-authenticate': `Bearer realm="https://${host}/t"` },
            },
      );
      await expect(pull(`${host}/app:1`)).rejects.toMatchObject({
        code: 'registry-error',
        message: expect.stringContaining('no token'),
      });
    });

    it('are asked once more when a token is refused, and then no more', async () => {
      internet.host(host, (request) =>
        request.path === '/t'
          ? createTokenServer({ anonymous: true })(request)
          : {
              ...refuse(401, 'UNAUTHORIZED'),
              headers: { 'www-authenticate': `Bearer realm="https://${host}/t",error="invalid_token"` },
            },
      );
      await expect(pull(`${host}/app:1`)).rejects.toMatchObject({ code: 'unauthorized' });
      const before = internet.log().filter((line) => line.endsWith('/t')).length;
      internet.requests.length = 0;
      await expect(pull(`${host}/app:1`)).rejects.toMatchObject({ code: 'unauthorized' });
      expect(before).toBeLessThan(5);
      expect(internet.log().filter((line) => line.endsWith('/t')).length).toBeLessThan(5);
    });

    it('that read only the first scope are asked for the needed one first', async () => {
      const registry = withTokens(host, `https://${host}/t`, { users: { ann: 'pw' }, firstScopeOnly: true });
      open(oneUser(host, 'ann', 'pw'));
      await pushImage(client, image, parseReference(`${host}/app:1`), {
        mountFrom: () => [parseReference(`${host}/base`)],
      });
      expect(registry.manifests.has('app:1')).toBe(true);
    });
  });

  describe('addresses from a registry', () => {
    const host = 'registry.example.com';

    it('for an upload may be at another host, which sees no token', async () => {
      const registry = withBasic(host, 'ann', 'pw', { locationHost: 'uploads.example.com' });
      const inner = createFakeRegistry();
      internet.host('uploads.example.com', async (request) => {
        const digest = request.query.get('digest');
        if (digest !== null) registry.blobs.set(digest, request.body);
        return digest === null ? inner.handler(request) : { status: 201 };
      });
      open(oneUser(host, 'ann', 'pw'));
      await push(`${host}/app:1`);
      expect(registry.blobs.size).toBe(3);
      expectNoAuthorization('uploads.example.com');
    });

    it('keep the query of an upload and add the digest to it', async () => {
      internet.host(host, createFakeRegistry().handler);
      await push(`${host}/app:1`);
      const puts = internet.requests.filter(
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
        await registry.seed('app', '1', image);
        internet.host(host, registry.handler);
        await expect(pull(`${host}/app:1`)).rejects.toMatchObject({
          code: 'registry-error',
          message: expect.stringContaining('sends us to'),
        });
        if (address.startsWith('https'))
          await expect(
            push(`${host}/other:1`).then(() =>
              pushImage(client, makeImage([9]), parseReference(`${host}/o:2`)),
            ),
          ).rejects.toMatchObject({ code: 'registry-error' });
      },
    );

    it('that lead in a circle are left', async () => {
      const registry = createFakeRegistry({
        blobRedirect: (digest) => `https://${host}/v2/app/blobs/${digest}`,
      });
      await registry.seed('app', '1', image);
      internet.host(host, registry.handler);
      await expect(pull(`${host}/app:1`)).rejects.toMatchObject({
        message: expect.stringContaining('without end'),
      });
    });
  });
});
