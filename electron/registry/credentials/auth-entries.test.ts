import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { credentialOf, keysFor, normalizeKey, readAuthFile } from './auth-entries.ts';
import { Secret } from './secret.ts';

const encode = (text: string): string => Buffer.from(text).toString('base64');

describe('normalizeKey', () => {
  it.each([
    ['https://index.docker.io/v1/', 'docker.io'],
    ['docker.io', 'docker.io'],
    ['index.docker.io', 'docker.io'],
    ['https://ghcr.io', 'ghcr.io'],
    ['https://ghcr.io/v2/', 'ghcr.io'],
    ['ghcr.io/v2/', 'ghcr.io'],
    ['http://localhost:5000/', 'localhost:5000'],
    ['quay.io/team/app', 'quay.io/team/app'],
    ['docker.io/library/nginx', 'docker.io/library/nginx'],
    ['https://quay.io/team', 'quay.io'],
    ['not a host', null],
    ['', null],
  ])('reads %s as %s', (key, expected) => {
    expect(normalizeKey(key)).toBe(expected);
  });
});

describe('keysFor', () => {
  it('names the most specific key first', () => {
    expect(keysFor('quay.io', 'a/b')).toEqual(['quay.io/a/b', 'quay.io/a', 'quay.io']);
    expect(keysFor('quay.io', undefined)).toEqual(['quay.io']);
  });
});

describe('credentialOf', () => {
  it.each([
    ['user and password', { auth: encode('ann:secret') }, ['ann', 'secret', undefined, undefined]],
    ['a colon in the password', { auth: encode('ann:a:b') }, ['ann', 'a:b', undefined, undefined]],
    [
      'NULs at the end of the password',
      { auth: encode('ann:secret\0\0') },
      ['ann', 'secret', undefined, undefined],
    ],
    ['fields of their own', { username: 'ann', password: 'secret' }, ['ann', 'secret', undefined, undefined]],
    ['an identity token', { auth: encode('ann:'), identitytoken: 't' }, ['ann', undefined, 't', undefined]],
    ['a registry token', { registrytoken: 't' }, [undefined, undefined, undefined, 't']],
    ['letters beyond ASCII', { auth: encode('änn:pässword') }, ['änn', 'pässword', undefined, undefined]],
  ])('reads %s', (_, entry, expected) => {
    const found = credentialOf(entry);
    expect([
      found?.username,
      found?.password?.reveal(),
      found?.identityToken?.reveal(),
      found?.registryToken?.reveal(),
    ]).toEqual(expected);
  });

  it.each([
    ['an empty entry', {}],
    ['a name alone', { auth: encode('ann:') }],
    ['no colon', { auth: encode('ann') }],
    ['numbers', { auth: 1, username: 2, password: 3 }],
  ])('finds none in %s', (_, entry) => {
    expect(credentialOf(entry)).toBeNull();
  });
});

describe('readAuthFile', () => {
  it('passes over what has another shape', () => {
    const document = { auths: { a: {}, b: 'x' }, credHelpers: { c: 'd', e: 1 }, credsStore: 5 };
    expect(readAuthFile(document)).toEqual({ auths: { a: {} }, helpers: { c: 'd' }, store: undefined });
    expect(readAuthFile('x')).toEqual({ auths: {}, helpers: {}, store: undefined });
  });
});

describe('Secret', () => {
  it('shows itself to nobody who does not ask', () => {
    const secret = new Secret('hunter2');
    const shown = [
      `${secret}`,
      JSON.stringify({ secret }),
      inspect({ secret }),
      String(Object.entries(secret)),
    ];
    expect(shown.join()).not.toContain('hunter2');
    expect(secret.reveal()).toBe('hunter2');
  });
});
