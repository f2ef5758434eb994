import { describe, expect, it } from 'vitest';
import { AppError } from '../errors/app-error.ts';
import { canonicalReference, familiarReference, parseReference } from './reference.ts';

const hex = '0123456789abcdef'.repeat(4);
const sha = `sha256:${hex}`;
const of = (length: number): string => 'a'.repeat(length);

/** Text, then domain, path, tag and digest of the normalised reference (distribution/reference); `-` for none. */
const VALID: readonly string[][] = [
  // Hosts.
  ['a.b/c', 'a.b', 'c', '-', '-'],
  ['a:1/c', 'a:1', 'c', '-', '-'],
  ['a:1/c:1', 'a:1', 'c', '1', '-'],
  ['a-b.c-d:80/e', 'a-b.c-d:80', 'e', '-', '-'],
  ['A/b', 'A', 'b', '-', '-'],
  ['aA/b', 'aA', 'b', '-', '-'],
  ['REGISTRY.EXAMPLE.COM:443/b', 'REGISTRY.EXAMPLE.COM:443', 'b', '-', '-'],
  ['DOCKER.IO/nginx', 'DOCKER.IO', 'nginx', '-', '-'],
  ['1.2.3.4/b', '1.2.3.4', 'b', '-', '-'],
  ['1/b', 'docker.io', '1/b', '-', '-'],
  ['localhost/b/c', 'localhost', 'b/c', '-', '-'],
  ['localhosts/b', 'docker.io', 'localhosts/b', '-', '-'],
  ['LOCALHOST/b', 'LOCALHOST', 'b', '-', '-'],
  ['localhost', 'docker.io', 'library/localhost', '-', '-'],
  ['localhost:latest', 'docker.io', 'library/localhost', 'latest', '-'],
  ['docker.io/localhost/b', 'docker.io', 'localhost/b', '-', '-'],
  ['[::]/b', '[::]', 'b', '-', '-'],
  ['[fd00:1:2::3]:75050/b', '[fd00:1:2::3]:75050', 'b', '-', '-'],
  [`[2001:DB8::1]/b:1@${sha}`, '[2001:DB8::1]', 'b', '1', sha],
  ['docker.io:443/b', 'docker.io:443', 'b', '-', '-'],
  ['index.docker.io:443/b', 'index.docker.io:443', 'b', '-', '-'],
  ['registry-1.docker.io/b', 'registry-1.docker.io', 'b', '-', '-'],
  ['docker.io', 'docker.io', 'library/docker.io', '-', '-'],
  ['index.docker.io', 'docker.io', 'library/index.docker.io', '-', '-'],
  ['index.docker.io/library/b', 'docker.io', 'library/b', '-', '-'],
  ['index.docker.io/a/b/c', 'docker.io', 'a/b/c', '-', '-'],
  // Paths.
  ['a', 'docker.io', 'library/a', '-', '-'],
  ['0', 'docker.io', 'library/0', '-', '-'],
  ['a_b', 'docker.io', 'library/a_b', '-', '-'],
  ['a__b', 'docker.io', 'library/a__b', '-', '-'],
  ['a.b', 'docker.io', 'library/a.b', '-', '-'],
  ['a-----b', 'docker.io', 'library/a-----b', '-', '-'],
  ['a.b_c__d-e--f', 'docker.io', 'library/a.b_c__d-e--f', '-', '-'],
  ['a/a/a/a/a', 'docker.io', 'a/a/a/a/a', '-', '-'],
  ['x.y/a__b/c-d', 'x.y', 'a__b/c-d', '-', '-'],
  ['library/a', 'docker.io', 'library/a', '-', '-'],
  ['library', 'docker.io', 'library/library', '-', '-'],
  ['docker.io/a.b/c', 'docker.io', 'a.b/c', '-', '-'],
  ['docker/docker.io', 'docker.io', 'docker/docker.io', '-', '-'],
  [`x.y/${of(255)}`, 'x.y', of(255), '-', '-'],
  [`docker.io/library/${of(247)}`, 'docker.io', `library/${of(247)}`, '-', '-'],
  [of(247), 'docker.io', `library/${of(247)}`, '-', '-'],
  [hex.slice(1), 'docker.io', `library/${hex.slice(1)}`, '-', '-'],
  [`${hex}0`, 'docker.io', `library/${hex}0`, '-', '-'],
  [`library/${hex}`, 'docker.io', `library/${hex}`, '-', '-'],
  [`docker.io/${hex}`, 'docker.io', `library/${hex}`, '-', '-'],
  [`${hex}:1`, 'docker.io', `library/${hex}`, '1', '-'],
  [`${hex}@${sha}`, 'docker.io', `library/${hex}`, '-', sha],
  // Tags and digests.
  ['a:0', 'docker.io', 'library/a', '0', '-'],
  ['a:__', 'docker.io', 'library/a', '__', '-'],
  ['a:A.B-C_d', 'docker.io', 'library/a', 'A.B-C_d', '-'],
  ['a:x.-', 'docker.io', 'library/a', 'x.-', '-'],
  [`a:${hex}`, 'docker.io', 'library/a', hex, '-'],
  [`x:5000/a:${of(128)}@${sha}`, 'x:5000', 'a', of(128), sha],
  [`a@sha384:${hex}${hex.slice(32)}`, 'docker.io', 'library/a', '-', `sha384:${hex}${hex.slice(32)}`],
  [`a@sha512:${hex}${hex}`, 'docker.io', 'library/a', '-', `sha512:${hex}${hex}`],
];

const REFUSED: readonly string[] = [
  ':a',
  '@',
  `@${sha}`,
  `:1@${sha}`,
  '/',
  '/a',
  'a/',
  'a:1/',
  'a.b/',
  'a.b//c',
  'a.b/c/',
  '.a/b',
  'a./b',
  'a..b/c',
  '_a',
  'a_',
  '-a',
  'a-',
  '.a',
  'a.',
  'a___b',
  'a..b',
  'a._b',
  'a-_b',
  'a_-b',
  'a.-b',
  'x.y/a_',
  'x.y/_a',
  'x.y/a/-b',
  'aB',
  'a/B',
  'x.y/A',
  'a b',
  'a/b c',
  'a%2fb',
  'a\\b',
  'a+b',
  'a~b',
  '-x.y/a',
  'x-.y/a',
  'x_y.z/a',
  'x.y:/a',
  'x.y:http/a',
  'x.y:1:2/a',
  'x.y:-1/a',
  '[]/a',
  '[::1]',
  '[::1]a/b',
  '[::g]/b',
  '[fe80::1%25eth0]/b',
  '[1.2.3.4]/b',
  '::1/b',
  'user@x.y/a',
  'docker-image://a',
  'a:.1',
  'a:-1',
  'a:1:2',
  'a:1/2:',
  'a:ä',
  `a:${of(129)}`,
  `a@${hex}`,
  'a@sha256:',
  `a@sha256:${hex.slice(1)}`,
  `a@sha256:${hex}0`,
  `a@sha256:${hex.slice(1)}g`,
  `a@SHA256:${hex}`,
  `a@sha256 :${hex}`,
  `a@sha512:${hex}`,
  `a@sha256+b64:${hex}`,
  `a@multihash.v1_x-y:${hex}`,
  `a@tarsum.v1+sha256:${hex}`,
  `a@blake3:${hex}`,
  `a@${sha}:1`,
  `a@${sha}/b`,
  `x.y/${of(256)}`,
  of(248),
  `docker.io/${of(248)}`,
  hex,
  `\ufeffa`,
  'a\u200b',
  'a\r',
];

describe('the grammar of references', () => {
  it.each(VALID)('reads %s', (text = '', domain, path, tag, digest) => {
    const reference = parseReference(text);
    expect({
      domain: reference.domain,
      path: reference.path,
      tag: reference.tag ?? '-',
      digest: reference.digest ?? '-',
    }).toEqual({ domain, path, tag, digest });
  });

  it.each(REFUSED)('refuses %j', (text) => {
    expect(() => parseReference(text)).toThrow(AppError);
  });

  it.each(VALID)('writes %s so that it is read as the same one again, short and in full', (text = '') => {
    const reference = parseReference(text);
    expect(parseReference(canonicalReference(reference))).toEqual(reference);
    expect(parseReference(familiarReference(reference))).toEqual(reference);
  });

  it.each([
    ['docker.io/a.b/c:1', 'docker.io/a.b/c:1'],
    ['docker.io/localhost/c', 'docker.io/localhost/c'],
    [`docker.io/${hex}`, `docker.io/library/${hex}`],
    ['docker.io/library/a.b', 'a.b'],
    ['docker.io/library/a/b', 'library/a/b'],
    ['x.y/library/a', 'x.y/library/a'],
  ])('shortens %s to %s, never to the name of another image', (text, familiar) => {
    expect(familiarReference(parseReference(text))).toBe(familiar);
  });
});
