import { describe, expect, it } from 'vitest';
import { parseReference } from '#shared/oci/reference.ts';
import { clean, parseErrorEntry } from './errors.ts';
import { fetchManifest } from './manifests.ts';
import { pushImage } from './push.ts';
import { ownRepository } from './repository.ts';
import { HAS_OPENSSL } from './testing/certificate.ts';
import type { FakeAnswer } from './testing/fake-internet.ts';
import { refuse } from './testing/fake-registry.ts';
import { World } from './testing/world.ts';

const HOST = 'registry.example.com';
const html = { headers: { 'content-type': 'text/html' }, body: '<html><body>nginx</body></html>' };

describe.skipIf(!HAS_OPENSSL)('what a registry refuses with (needs openssl)', () => {
  const world = new World([HOST]);
  const read = () => {
    const repository = ownRepository(world.client, parseReference(`${HOST}/team/app`));
    return fetchManifest(world.client, repository, '1.0');
  };

  it.each<[string, FakeAnswer, string, RegExp, RegExp]>([
    [
      '401',
      refuse(401, 'UNAUTHORIZED', 'authentication required'),
      'unauthorized',
      /does not exist, or you must sign in.*authentication required/,
      /strata login registry\.example\.com/,
    ],
    [
      '403',
      refuse(403, 'DENIED', 'not yours'),
      'forbidden',
      /may not read registry\.example\.com\/team\/app.*not yours/,
      /Sign in/,
    ],
    [
      '404 for the repository',
      refuse(404, 'NAME_UNKNOWN'),
      'not-found',
      /There is no repository registry\.example\.com\/team\/app/,
      /spelling/,
    ],
    [
      '404 for the tag',
      refuse(404, 'MANIFEST_UNKNOWN'),
      'not-found',
      /team\/app has no tag 1\.0/,
      /spelling/,
    ],
    ['404 as a web page', { status: 404, ...html }, 'not-found', /has no tag 1\.0/, /spelling/],
    ['405', { status: 405 }, 'unsupported', /does not support/, /read-only/],
    ['413', { status: 413, ...html }, 'registry-error', /too large/, /client_max_body_size/],
    [
      '429',
      { ...refuse(429, 'TOOMANYREQUESTS', 'slow down'), headers: { 'retry-after': '600' } },
      'rate-limited',
      /no more requests for now.*slow down/,
      /10 min/,
    ],
    [
      '401 with a sign-in that nobody knows',
      {
        ...refuse(401, 'UNAUTHORIZED'),
        headers: { 'www-authenticate': 'Digest realm="x", nonce="y", Bearer' },
      },
      'unsupported',
      /asks for a kind of sign-in that Strata does not know: digest, bearer/,
      /Basic/,
    ],
    [
      '429 for days',
      { ...refuse(429, 'TOOMANYREQUESTS'), headers: { 'retry-after': '864000' } },
      'rate-limited',
      /no more requests for now/,
      /Try again in 10 days/,
    ],
    [
      '429 until a time',
      {
        ...refuse(429, 'TOOMANYREQUESTS', 'slow down'),
        headers: { 'retry-after': new Date(Date.now() + 3_590_000).toUTCString() },
      },
      'rate-limited',
      /no more requests for now/,
      /Try again in (?:59|60) min/,
    ],
    [
      '500',
      refuse(500, 'UNKNOWN', 'disk broken'),
      'registry-error',
      /failed with status 500.*disk broken/,
      /try again later/,
    ],
    ['502 as a web page', { status: 502, ...html }, 'registry-error', /web page \(status 502\)/, /proxy/],
    ['503', { status: 503 }, 'registry-error', /status 503/, /try again later/],
    ['507', { status: 507 }, 'registry-error', /no space left/, /quota/],
    [
      '418',
      { status: 418, body: 'a teapot' },
      'registry-error',
      /refused tag 1\.0.*status 418.*a teapot/,
      /container registry/,
    ],
    ['a sign-in page', { status: 200, ...html }, 'registry-error', /web page/, /sign-in page/],
    ['a redirect to nowhere', { status: 302 }, 'registry-error', /status 302/, /container registry/],
  ])('%s is told in words', async (_, answer, code, message, hint) => {
    world.internet.host(HOST, () => answer);
    await expect(read()).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
      detail: { kind: 'registry', host: HOST },
    });
  });

  it.each<[string, FakeAnswer, string, RegExp]>([
    [
      '403',
      refuse(403, 'DENIED', 'no write'),
      'forbidden',
      /ann may not push to registry\.example\.com\/team\/app.*no write/,
    ],
    [
      '401',
      { ...refuse(401, 'UNAUTHORIZED'), headers: { 'www-authenticate': 'Basic realm="x"' } },
      'unauthorized',
      /does not accept the sign-in of ann/,
    ],
    [
      '404',
      refuse(404, 'NAME_UNKNOWN', 'repository not found'),
      'not-found',
      /repository registry\.example\.com\/team\/app does not exist/,
    ],
    [
      '400 for an immutable tag',
      refuse(400, 'TAG_INVALID', 'The tag is immutable'),
      'conflict',
      /tags are immutable/,
    ],
    [
      '412 as Harbor says it',
      refuse(412, 'PRECONDITION', 'configured as immutable'),
      'conflict',
      /tags are immutable/,
    ],
  ])('%s to a push is told in words', async (_, answer, code, message) => {
    world.internet.host(HOST, ({ method, headers }) => {
      if (headers.authorization === undefined)
        return { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } };
      return method === 'HEAD' ? { status: 404 } : answer;
    });
    world.signInAs(HOST, 'ann', 'pw');
    await expect(
      pushImage(world.client, world.image, parseReference(`${HOST}/team/app:1`)),
    ).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it('never carries a secret', async () => {
    world.internet.host(HOST, ({ headers }) =>
      headers.authorization === undefined
        ? { status: 401, headers: { 'www-authenticate': 'Basic' } }
        : { status: 403 },
    );
    world.signInAs(HOST, 'ann', 'hunter2');
    const error = await read().catch((thrown: unknown) => thrown);
    const { inspect } = await import('node:util');
    expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/hunter2|YW5uOmh1bnRlcjI/);
  });

  it('tells what the server is for whose certificate is not accepted', async () => {
    const headers = { 'www-authenticate': 'Bearer realm="https://tokens.invalid/token"' };
    world.internet.host(HOST, () => ({ status: 401, headers }));
    await expect(read()).rejects.toMatchObject({
      code: 'tls',
      message: expect.stringContaining('tokens.invalid'),
      hint: expect.stringMatching(/^tokens\.invalid gives the tokens for registry\.example\.com\. /),
    });
  });

  it('hides the secrets that a server repeats in its answer', async () => {
    world.internet.host(HOST, ({ headers }) =>
      headers.authorization === undefined
        ? { status: 401, headers: { 'www-authenticate': 'Basic' } }
        : refuse(403, 'DENIED', `not with hunter2 and "${headers.authorization}"`),
    );
    world.signInAs(HOST, 'ann', 'hunter2');
    await expect(read()).rejects.toThrow('It says: "not with [secret] and "Basic [secret]""');
  });
});

describe.skipIf(!HAS_OPENSSL)('what a storage refuses with (needs openssl)', () => {
  const world = new World([HOST, 'storage.example.net']);

  it.each<[number, RegExp]>([
    [403, /firewall or proxy.*clock/],
    [503, /on the side of the storage/],
  ])('is not told as a matter of rights at the registry (%s)', async (status, hint) => {
    world.withOpen(HOST, { blobRedirect: (digest) => `https://storage.example.net/${digest}?signature=x` });
    await world.push(`${HOST}/team/app:1`);
    world.internet.host('storage.example.net', () => ({
      status,
      body: '<Error>SignatureDoesNotMatch</Error>',
    }));
    await expect(world.pull(`${HOST}/team/app:1`)).rejects.toMatchObject({
      code: 'registry-error',
      message: expect.stringMatching(
        /^storage\.example\.net, where registry\.example\.com sends us for layer \w+, refuses it with status/,
      ),
      hint: expect.stringMatching(hint),
    });
  });
});

describe('parseErrorEntry', () => {
  it.each([
    ['{"errors":[{"code":"DENIED","message":"no"}]}', { code: 'DENIED', message: 'no' }],
    ['{"errors":[{"code":"DENIED"}]}', { code: 'DENIED', message: '' }],
    ['{"details":"incorrect username or password"}', { code: '', message: 'incorrect username or password' }],
    ['{"code":404,"message":"gone"}', { code: '', message: 'gone' }],
    ['{"errors":[]}', undefined],
    ['[]', undefined],
    ['null', undefined],
    ['<html>', undefined],
    ['', undefined],
  ])('reads %j', (text, expected) => {
    expect(parseErrorEntry(text)).toEqual(expected);
  });
});

describe('clean', () => {
  it.each([
    ['a\u001b[31mred\u001b[0m', 'a [31mred [0m'],
    ['line\r\nline', 'line line'],
    ['right\u202eto left', 'right to left'],
    ['x'.repeat(1000), 'x'.repeat(300)],
    [5, ''],
  ])('turns %j into %j', (text, expected) => {
    expect(clean(text)).toBe(expected);
  });
});
