import { expect, test } from 'vitest';
import { firstPushTarget, pushTargets } from './push-target.ts';

const NAMES = ['acme/web:1', 'ghcr.io/acme/web:1', 'localhost:5000/web:1'];

test.each([
  ['the only name', ['acme/web:1'], undefined, 'acme/web:1'],
  ['a name with a registry before one without', NAMES, undefined, 'ghcr.io/acme/web:1'],
  ['the one it was opened by', NAMES, 'localhost:5000/web:1', 'localhost:5000/web:1'],
  ['a registry though it was opened by a short name', NAMES, 'acme/web:1', 'ghcr.io/acme/web:1'],
  ['a registry where it was opened by its digest', NAMES, 'sha256:0', 'ghcr.io/acme/web:1'],
  ['nothing without names', [], undefined, ''],
])('a push begins with %s', (_, names, opened, expected) => {
  const route =
    opened === undefined ? undefined : ({ screen: 'image', engine: 'builtin', ref: opened } as const);
  expect(firstPushTarget({ names }, route)).toBe(expected);
});

test('names with a registry come first', () => {
  expect(pushTargets(NAMES)).toEqual(['ghcr.io/acme/web:1', 'localhost:5000/web:1', 'acme/web:1']);
});
