import { describe, expect, it } from 'vitest';
import { AppError } from '../errors/app-error.ts';
import {
  canonicalReference,
  familiarReference,
  parseReference,
  repositoryName,
  withDefaultTag,
} from './reference.ts';

const hex = 'a3'.repeat(32);
const long = (length: number): string => 'a'.repeat(length);

describe('parseReference', () => {
  it.each([
    // text, canonical form, familiar form
    ['nginx', 'docker.io/library/nginx', 'nginx'],
    ['nginx:1.27-alpine', 'docker.io/library/nginx:1.27-alpine', 'nginx:1.27-alpine'],
    ['acme/web', 'docker.io/acme/web', 'acme/web'],
    ['library/nginx', 'docker.io/library/nginx', 'nginx'],
    ['library/foo/bar', 'docker.io/library/foo/bar', 'library/foo/bar'],
    ['docker.io/nginx', 'docker.io/library/nginx', 'nginx'],
    ['docker.io/library/nginx', 'docker.io/library/nginx', 'nginx'],
    ['index.docker.io/nginx', 'docker.io/library/nginx', 'nginx'],
    ['index.docker.io/acme/web:2', 'docker.io/acme/web:2', 'acme/web:2'],
    ['localhost/web', 'localhost/web', 'localhost/web'],
    ['localhost:5000/web', 'localhost:5000/web', 'localhost:5000/web'],
    ['localhost:5000', 'docker.io/library/localhost:5000', 'localhost:5000'],
    ['127.0.0.1:5000/a/b/c:t', '127.0.0.1:5000/a/b/c:t', '127.0.0.1:5000/a/b/c:t'],
    ['[::1]:5000/web:t', '[::1]:5000/web:t', '[::1]:5000/web:t'],
    ['[2001:db8::1]/web', '[2001:db8::1]/web', '[2001:db8::1]/web'],
    ['ghcr.io/acme/web', 'ghcr.io/acme/web', 'ghcr.io/acme/web'],
    ['Uppercase/web', 'Uppercase/web', 'Uppercase/web'],
    ['test.com/foo:8080', 'test.com/foo:8080', 'test.com/foo:8080'],
    ['test.com:8080/foo', 'test.com:8080/foo', 'test.com:8080/foo'],
    ['foo/foo_bar.com:8080', 'docker.io/foo/foo_bar.com:8080', 'foo/foo_bar.com:8080'],
    ['foo_bar.com:8080', 'docker.io/library/foo_bar.com:8080', 'foo_bar.com:8080'],
    ['a--b/c__d/e.f', 'docker.io/a--b/c__d/e.f', 'a--b/c__d/e.f'],
    ['xn--n3h.com/myimage', 'xn--n3h.com/myimage', 'xn--n3h.com/myimage'],
    [
      'b.gcr.io/test.example.com/my-app',
      'b.gcr.io/test.example.com/my-app',
      'b.gcr.io/test.example.com/my-app',
    ],
    [`nginx@sha256:${hex}`, `docker.io/library/nginx@sha256:${hex}`, `nginx@sha256:${hex}`],
    [`nginx:1@sha256:${hex}`, `docker.io/library/nginx:1@sha256:${hex}`, `nginx:1@sha256:${hex}`],
    [`nginx@sha512:${hex}${hex}`, `docker.io/library/nginx@sha512:${hex}${hex}`, `nginx@sha512:${hex}${hex}`],
    [`app:${long(128)}`, `docker.io/library/app:${long(128)}`, `app:${long(128)}`],
    ['app:_under', 'docker.io/library/app:_under', 'app:_under'],
    ['app:Upper.Case-1', 'docker.io/library/app:Upper.Case-1', 'app:Upper.Case-1'],
    [long(63), `docker.io/library/${long(63)}`, long(63)],
    [`${long(10)}.com/${long(240)}`, `${long(10)}.com/${long(240)}`, `${long(10)}.com/${long(240)}`],
    [`${'a/'.repeat(100)}a`, `docker.io/${'a/'.repeat(100)}a`, `${'a/'.repeat(100)}a`],
  ])('reads %s', (text, canonical, familiar) => {
    const reference = parseReference(text);
    expect(canonicalReference(reference)).toBe(canonical);
    expect(familiarReference(reference)).toBe(familiar);
    expect(parseReference(canonical)).toEqual(reference);
    expect(parseReference(familiar)).toEqual(reference);
  });

  it.each([
    '',
    ' ',
    ' nginx',
    'nginx ',
    ':latest',
    '/nginx',
    'nginx/',
    'docker.io/',
    'docker.io//nginx',
    'a//b',
    'Nginx',
    'repo/Nginx',
    'localhost:5000/Nginx',
    'Uppercase/lowercase/Nginx',
    'app:',
    'app:a b',
    'app:.dot',
    'app:-dash',
    `app:${long(129)}`,
    'app@',
    'app@sha256',
    'app@sha256:abc',
    `app@sha256:${hex.toUpperCase()}`,
    `app@md5:${hex}`,
    `app@sha256:${hex}@sha256:${hex}`,
    `@sha256:${hex}`,
    hex,
    'a.-b/c_',
    '-foo/bar',
    'foo-/bar',
    'foo/-bar',
    'foo/bar-',
    'foo_/bar',
    'foo/.bar',
    'foo..bar/baz',
    'foo___bar',
    'ftp://example.com/app',
    'https://github.com/docker/docker',
    '-test.com/app',
    'test-.com/app',
    'a.b:port/app',
    '[fe80::1%eth0]/app',
    '[::1/app',
    '2001:db8::1/app',
    `${long(10)}.com/${long(256)}`,
    long(248),
    `${'a/'.repeat(128)}a`,
    'naïve',
    'app\n',
    'app:1\n',
    'a/b\u0000',
    '../app',
    'docker.io/../app',
  ])('refuses %j', (text) => {
    expect(() => parseReference(text)).toThrow(AppError);
    expect(() => parseReference(text)).toThrow(/is not an image reference/);
  });

  it('keeps the tag beside a digest, which wins', () => {
    expect(parseReference(`ghcr.io/a/b:1@sha256:${hex}`)).toEqual({
      domain: 'ghcr.io',
      path: 'a/b',
      tag: '1',
      digest: `sha256:${hex}`,
    });
  });

  it('takes latest only where neither tag nor digest is named', () => {
    expect(withDefaultTag(parseReference('nginx')).tag).toBe('latest');
    expect(withDefaultTag(parseReference('nginx:1')).tag).toBe('1');
    expect(withDefaultTag(parseReference(`nginx@sha256:${hex}`)).tag).toBeUndefined();
    expect(repositoryName(parseReference('nginx:1'))).toBe('docker.io/library/nginx');
  });
});
