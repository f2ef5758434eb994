import { expect, test } from 'vitest';
import { splitReference } from './split-reference.ts';

test.each([
  ['ghcr.io/acme/web:1.4.2', 'ghcr.io', '/acme/web', ':1.4.2'],
  ['localhost:5000/web', 'localhost:5000', '/web', ''],
  ['localhost/web:1', 'localhost', '/web', ':1'],
  ['acme/web:1', '', 'acme/web', ':1'],
  ['nginx', '', 'nginx', ''],
  ['nginx:', '', 'nginx', ':'],
  ['quay.io/a/b@sha256:ab', 'quay.io', '/a/b', '@sha256:ab'],
  ['localhost:5000', '', 'localhost', ':5000'],
  ['', '', '', ''],
])('while "%s" is typed its parts are "%s", "%s" and "%s"', (text, host, repository, tag) => {
  const parts = splitReference(text);
  expect(parts).toEqual({ host, repository, tag });
  expect(parts.host + parts.repository + parts.tag).toBe(text);
});
