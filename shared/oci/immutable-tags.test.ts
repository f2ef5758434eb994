import { expect, it } from 'vitest';
import { parseReference } from '#shared/oci/reference.ts';
import { isImmutable, markedRepository, markingOf } from './immutable-tags.ts';

it.each([
  ['acme/web:1', ['acme/web'], true],
  ['acme/web:1', ['docker.io/acme/web'], true],
  ['nginx:1', ['nginx'], true],
  ['ghcr.io/acme/web:1', ['acme/web'], false],
  ['ghcr.io/acme/web:1', ['ghcr.io/acme/*'], true],
  ['ghcr.io/acme/team/web:1', ['ghcr.io/acme/*'], true],
  ['ghcr.io/acme:1', ['ghcr.io/acme/*'], false],
  ['ghcr.io/acme2/web:1', ['ghcr.io/acme/*'], false],
  ['localhost:5000/web:1', ['localhost:5000/*'], true],
  ['acme/web:1', ['', 'NOT A NAME', '*'], false],
])('%s under %j: %s', (reference, marked, wanted) => {
  expect(isImmutable(marked, parseReference(reference))).toBe(wanted);
});

it('tells which entry marks a repository, its own before one for a folder', () => {
  const marked = ['acme/*', 'docker.io/acme/web', 'acme/site'];
  expect(markingOf(marked, parseReference('acme/web:1'))).toBe('docker.io/acme/web');
  expect(markingOf(marked, parseReference('acme/api:1'))).toBe('acme/*');
  expect(markingOf(marked, parseReference('ghcr.io/acme/api:1'))).toBeNull();
});

it.each([
  ['acme/web', 'docker.io/acme/web'],
  ['ghcr.io/acme/*', 'ghcr.io/acme/*'],
  [' nginx ', 'docker.io/library/nginx'],
  ['Not A Name', null],
  ['*', null],
])('%j marks %j', (text, name) => {
  expect(markedRepository(text)).toBe(name);
});
