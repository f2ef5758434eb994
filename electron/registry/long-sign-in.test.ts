import { describe, expect, it } from 'vitest';
import { parseReference } from '#shared/oci/reference.ts';
import { Secret } from './credentials/secret.ts';
import { pushImage } from './push.ts';
import { HAS_OPENSSL } from './testing/certificate.ts';
import type { FakeAnswer, FakeRequest } from './testing/fake-internet.ts';
import { createFakeRegistry, refuse } from './testing/fake-registry.ts';
import { makeImage } from './testing/make-image.ts';
import { World } from './testing/world.ts';

const HOST = 'registry.example.com';
const TOKENS = 'auth.example.com';
/** After so many requests every token that was given out has run out. */
const PERIOD = 20;

describe.skipIf(!HAS_OPENSSL)('tokens that run out while a long push goes on (needs openssl)', () => {
  const world = new World([HOST, TOKENS]);

  it.each([
    ['by a password', undefined],
    ['by an identity token', 'kept'],
  ])('are renewed in its middle %s, and no byte is lost', async (_, identityToken) => {
    const valid = new Set<string>();
    let issued = 0;
    let served = 0;
    let refused = 0;
    const requireYoung = (request: FakeRequest): FakeAnswer | undefined => {
      const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      if (valid.has(token)) {
        served += 1;
        if (served % PERIOD === 0) valid.clear();
        return undefined;
      }
      if (token !== '') refused += 1;
      const error = token === '' ? '' : ',error="invalid_token"';
      const challenge = `Bearer realm="https://${TOKENS}/t",service="r",scope="repository:app:pull,push"${error}`;
      return { ...refuse(401, 'UNAUTHORIZED'), headers: { 'www-authenticate': challenge } };
    };
    world.internet.host(TOKENS, () => {
      issued += 1;
      const token = `token-${issued}`;
      valid.add(token);
      const body = JSON.stringify({ token, expires_in: 3600 });
      return { status: 200, headers: { 'content-type': 'application/json' }, body };
    });
    const registry = createFakeRegistry({ before: requireYoung });
    world.internet.host(HOST, registry.handler);
    world.signIn({
      find: async (host) =>
        host !== HOST
          ? null
          : {
              source: 'test',
              credential: {
                username: 'ann',
                password: identityToken === undefined ? new Secret('pw') : undefined,
                identityToken: identityToken === undefined ? undefined : new Secret(identityToken),
                registryToken: undefined,
              },
            },
    });
    const image = makeImage(Array.from({ length: 14 }, (_each, i) => 1_000 + i * 20_000));
    await pushImage(world.client, image, parseReference(`${HOST}/app:1`));
    expect(registry.manifests.has('app:1')).toBe(true);
    for (const { digest, size } of image.layers) expect(registry.blobs.get(digest)).toHaveLength(size);
    expect(refused).toBeGreaterThan(1);
    // One renewal serves all that were refused at the same time.
    expect(issued).toBeLessThanOrEqual(refused + 1);
    for (const { headers } of world.sentTo(TOKENS))
      expect(headers.authorization ?? '').not.toContain('Bearer');
    for (const { headers } of world.sentTo(HOST)) expect(headers.authorization ?? '').not.toContain('Basic');
  });
});
