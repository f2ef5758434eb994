import { expect, test } from 'vitest';
import { fakePushCheck } from '#renderer/testing/fake-registries.ts';
import { mayPush } from './push-rule.ts';

const other = fakePushCheck('acme/web:1.4.2', 'ghcr.io/acme/web:1.4.2');
const floating = fakePushCheck('acme/web:1.4.2', 'ghcr.io/acme/web:latest');
const free = fakePushCheck('acme/web:1.4.2', 'ghcr.io/acme/web:9.9.9');

test.each([
  ['a free tag', free, false, '', true],
  ['a floating tag', floating, false, '', true],
  ['other content', other, false, '', false],
  ['other content, on purpose', other, true, '', true],
  ['other content of an immutable repository', { ...other, immutable: true }, true, '', false],
  ['the same with another name typed', { ...other, immutable: true }, true, '1.4.3', false],
  ['the same with its name typed', { ...other, immutable: true }, true, '1.4.2', true],
  ['a name typed, but not on purpose', { ...other, immutable: true }, false, '1.4.2', false],
  ['a floating tag of an immutable repository', { ...floating, immutable: true }, false, '', false],
])('%s: %o', (_title, check, mayMove, typed, wanted) => {
  expect(mayPush(check, mayMove, typed)).toBe(wanted);
});
