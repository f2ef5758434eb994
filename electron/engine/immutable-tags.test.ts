import { expect, it } from 'vitest';
import { parseReference } from '#shared/oci/reference.ts';
import { isImmutable } from './immutable-tags.ts';

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
