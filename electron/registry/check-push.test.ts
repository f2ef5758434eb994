import { describe, expect, it } from 'vitest';
import { pushCheck } from '#shared/contract/registries.ts';
import { parseReference } from '#shared/oci/reference.ts';
import { checkPush } from './check-push.ts';
import { NO_CREDENTIALS } from './credentials/credential.ts';
import { HAS_OPENSSL } from './testing/certificate.ts';
import { refuse } from './testing/fake-registry.ts';
import { makeImage } from './testing/make-image.ts';
import { oneUser } from './testing/test-client.ts';
import { World } from './testing/world.ts';

describe.skipIf(!HAS_OPENSSL)('checkPush (needs openssl)', () => {
  const HOST = 'registry.example.com';
  const world = new World([HOST]);
  const image = makeImage([100]);
  const layers = image.layers.map(({ digest, size }) => ({ digest, size, label: 'COPY . .', base: false }));
  const check = (name: string, credentials = NO_CREDENTIALS) =>
    checkPush(
      world.client,
      { digest: image.digest, layers, baseName: null, totalBytes: 100 },
      parseReference(name),
      {
        credentials,
        floatingTags: ['latest'],
      },
    );

  it('finds a free tag, and makes what the contract asks for', async () => {
    world.withOpen(HOST);
    const found = await check(`${HOST}/app:1.0.0`, oneUser(HOST, 'ann', 'pw'));
    expect(pushCheck.parse(found)).toEqual(found);
    expect(found).toMatchObject({
      reference: `${HOST}/app:1.0.0`,
      host: HOST,
      repository: 'app',
      tag: '1.0.0',
      insecure: false,
      username: 'ann',
      credentialSource: 'test',
      remote: { state: 'absent' },
      floating: false,
      nextVersions: ['1.0.1', '1.1.0', '2.0.0'],
    });
  });

  it('finds the same and other content under the tag', async () => {
    const registry = world.withOpen(HOST);
    await registry.seed('app', '1.0.0', image);
    const other = makeImage([50]);
    await registry.seed('app', '1.0.1', other);
    expect((await check(`${HOST}/app:1.0.0`)).remote).toEqual({ state: 'same', digest: image.digest });
    const different = await check(`${HOST}/app:1.0.1`);
    expect(different.remote).toEqual({ state: 'different', digest: other.digest, createdAt: null });
    expect(different.nextVersions).toEqual(['1.0.2', '1.1.0', '2.0.0']);
  });

  it('takes latest where no tag is named, which floats', async () => {
    world.withOpen(HOST);
    expect(await check(`${HOST}/app`)).toMatchObject({ tag: 'latest', floating: true, nextVersions: [] });
  });

  it('does not fail where the registry does', async () => {
    world.internet.host(HOST, () => refuse(500, 'UNKNOWN'));
    expect((await check(`${HOST}/app:1`)).remote).toMatchObject({
      state: 'unknown',
      message: expect.stringContaining('500'),
    });
  });

  it('sends nothing', async () => {
    world.withOpen(HOST);
    await check(`${HOST}/app:1.0.0`);
    expect(world.internet.requests.filter(({ method }) => !['GET', 'HEAD'].includes(method))).toEqual([]);
  });
});
