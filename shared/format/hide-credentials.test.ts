import { describe, expect, it } from 'vitest';
import { hideCredentials, hideCredentialsIn, lacksCredentials } from './hide-credentials.ts';

describe('users and passwords of addresses', () => {
  it.each([
    ['https://me:secret@h/x', 'https://***@h/x'],
    ['https://token@h/x.git#main', 'https://***@h/x.git#main'],
    ['HTTPS://a:b@c@h:8443/x?y=z@w', 'HTTPS://***@h:8443/x?y=z@w'],
    ["https://me:it's@h/x", 'https://***@h/x'],
    [
      'ADD --checksum=1 https://a:b@h/x "http://c:d@i/y" /z',
      'ADD --checksum=1 https://***@h/x "http://***@i/y" /z',
    ],
    ['postgres://app:secret@db:5432/app', 'postgres://***@db:5432/app'],
    ['ssh://me:secret@h/x.git', 'ssh://***@h/x.git'],
  ])('are hidden in %s', (text, shown) => {
    expect(hideCredentials(text)).toBe(shown);
    expect(hideCredentials(shown)).toBe(shown);
    expect(lacksCredentials(text)).toBe(false);
    expect(lacksCredentials(shown)).toBe(true);
  });

  it.each([
    'https://h/x:y@z',
    'https://h/@scope/package',
    'https://h?to=a@b',
    'ssh://git@h/x.git',
    'git@h:o/r.git',
    '["https://h","a@b"]',
    'a://b c@d',
    'COPY a@b /',
  ])('are none in %s', (text) => {
    expect(hideCredentials(text)).toBe(text);
    expect(lacksCredentials(text)).toBe(false);
  });

  it('are hidden in all of a value, and a value without any is the same object', () => {
    const clean = { a: ['x', 1, null], b: { c: undefined } };
    expect(hideCredentialsIn(clean)).toBe(clean);
    expect(hideCredentialsIn({ clean, list: [{ at: 'https://a:b@h/' }] })).toEqual({
      clean,
      list: [{ at: 'https://***@h/' }],
    });
  });
});
