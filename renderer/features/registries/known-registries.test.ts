import { expect, it } from 'vitest';
import { knownRegistries } from './known-registries.ts';

const account = { username: 'ada', source: 'Docker config file', removable: true, warning: null };

it('puts accounts first, then registries of images and visits by name, with their repositories', () => {
  const accounts = [{ ...account, host: 'quay.io' }];
  const images = [
    'nginx:1',
    'web:1',
    'ghcr.io/acme/web:1',
    'ghcr.io/acme/web:2',
    'localhost/mine:1',
    '<none>',
  ];
  const recent = ['ghcr.io/acme/api', 'quay.io/team/app'];
  const known = knownRegistries(accounts, {
    images,
    recent,
    transferred: ['nginx:1.27', 'ghcr.io/acme/x:1'],
  });
  expect(known.map(({ host, account, repositories }) => [host, account?.username, repositories])).toEqual([
    ['quay.io', 'ada', ['quay.io/team/app']],
    ['docker.io', undefined, ['docker.io/library/nginx']],
    ['ghcr.io', undefined, ['ghcr.io/acme/api', 'ghcr.io/acme/web']],
  ]);
});

it('tells Docker Hub although nothing is known of it, with none of the names that were only given here', () => {
  const known = knownRegistries([], { images: ['acme/shop:1'], recent: [], transferred: [] });
  expect(known).toEqual([{ host: 'docker.io', account: null, repositories: [] }]);
});
