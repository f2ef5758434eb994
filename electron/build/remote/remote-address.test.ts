import { describe, expect, it } from 'vitest';
import { isRemoteAddress, parseRemoteAddress } from './remote-address.ts';

const git = (over: object) => ({
  kind: 'git',
  ref: null,
  subdir: '',
  keepGitDir: undefined,
  submodules: true,
  checksum: undefined,
  ...over,
});

describe('a remote address', () => {
  it.each([
    ['https://example.com/a.tar.gz', true],
    ['HTTP://example.com/a', true],
    ['git@github.com:o/r.git', true],
    ['ssh://git@host/r.git', true],
    ['git://host/r', true],
    ['github.com/o/r', false],
    ['./https://x', false],
    ['user@dir/file:1', false],
    ['file:///etc/passwd', false],
    ['a.txt', false],
  ])('%s: %s', (text, remote) => expect(isRemoteAddress(text)).toBe(remote));

  it.each([
    ['https://h/r.git', git({ remote: 'https://h/r.git' })],
    ['https://h/r.git#v1', git({ remote: 'https://h/r.git', ref: 'v1' })],
    ['https://h/r.git#v1:a/../b', git({ remote: 'https://h/r.git', ref: 'v1', subdir: 'b' })],
    ['https://h/r.git#:docs', git({ remote: 'https://h/r.git', subdir: 'docs' })],
    ['https://h/r.git#:../../etc', git({ remote: 'https://h/r.git', subdir: 'etc' })],
    ['git@h:o/r.git#main', git({ remote: 'git@h:o/r.git', ref: 'main' })],
    [
      'https://h/r.git?ref=v2&subdir=d&keep-git-dir=1&submodules=false&checksum=abc',
      git({
        remote: 'https://h/r.git',
        ref: 'v2',
        subdir: 'd',
        keepGitDir: true,
        submodules: false,
        checksum: 'abc',
      }),
    ],
    ['http://h/a?x=.git', { kind: 'http', url: new URL('http://h/a?x=.git') }],
    ['plain', null],
  ])('%s is read', (text, address) => expect(parseRemoteAddress(text)).toEqual(address));

  it.each([
    ['https://', 'is not an address'],
    ['https://h/r.git?depth=1', 'is no option of a git address'],
    ['https://h/r.git?submodules=perhaps', 'neither true nor false'],
    ['https://h/r.git#--upload-pack=x', 'cannot be a git reference'],
  ])('%s is refused', (text, message) => expect(() => parseRemoteAddress(text)).toThrow(message));

  it.each([
    ['https://me:p%40ss@h/r.git#v1', 'https://h/r.git', 'me:p@ss'],
    ['https://to%ken@h/r.git?ref=v1', 'https://h/r.git', 'to%ken:'],
    ['http://me:a@b@h:1/@x/r.git#v1', 'http://h:1/@x/r.git', 'me:a@b'],
  ])('%s is given to git without what signs in', (text, remote, user) => {
    const authorization = `Basic ${Buffer.from(user).toString('base64')}`;
    expect(parseRemoteAddress(text)).toEqual(git({ remote, ref: 'v1', authorization }));
  });

  it('says what a record does not hold instead of asking without it', () => {
    for (const text of ['https://***@h/r.git', 'https://***@h/x'])
      expect(() => parseRemoteAddress(text)).toThrow('were not kept with its record');
  });

  it('shows no password in an error, also where it makes the address none', () => {
    expect(() => parseRemoteAddress('https://me:sec/ret@h/x')).toThrow('"https://***@h/x" is not an address');
  });
});
