import { expect, it } from 'vitest';
import { knownRegistries } from './known-registries.ts';

const account = { username: 'ada', source: 'Docker config file', removable: true, warning: null };

it('puts accounts first, then registries of images and visits by name, with their repositories', () => {
  const accounts = [{ ...account, host: 'quay.io' }];
  const images = ['web:1', 'ghcr.io/acme/web:1', 'ghcr.io/acme/web:2', 'localhost/mine:1', '<none>'];
  const known = knownRegistries(accounts, images, ['ghcr.io/acme/api', 'quay.io/team/app']);
  expect(known.map(({ host, account, repositories }) => [host, account?.username, repositories])).toEqual([
    ['quay.io', 'ada', ['quay.io/team/app']],
    ['docker.io', undefined, ['docker.io/library/web']],
    ['ghcr.io', undefined, ['ghcr.io/acme/api', 'ghcr.io/acme/web']],
  ]);
});
