import { expect, it } from 'vitest';
import { placeOf } from './open-place.tsx';

it.each([
  ['ghcr.io', { screen: 'registry', host: 'ghcr.io' }],
  ['https://Registry.example.com/', { screen: 'registry', host: 'registry.example.com' }],
  ['localhost:5000', { screen: 'registry', host: 'localhost:5000' }],
  ['nginx', { screen: 'repository', name: 'docker.io/library/nginx' }],
  ['ghcr.io/acme/web', { screen: 'repository', name: 'ghcr.io/acme/web' }],
  ['nginx:1.27', { screen: 'image', engine: 'registry', ref: 'nginx:1.27' }],
  ['ghcr.io/acme/web:1.0', { screen: 'image', engine: 'registry', ref: 'ghcr.io/acme/web:1.0' }],
])('%s leads to its place', (text, place) => {
  expect(placeOf(text)).toEqual(place);
});

it('looks for a repository at the registry that is shown', () => {
  const name = 'quay.io/team/app';
  expect(placeOf('team/app', 'quay.io')).toEqual({ screen: 'repository', name });
  expect(placeOf('quay.io/team/app', 'quay.io')).toEqual({ screen: 'repository', name });
  expect(placeOf('team/app:2', 'quay.io')).toMatchObject({ screen: 'image', ref: 'quay.io/team/app:2' });
});

it.each(['', '  ', 'Not A Name', 'acme/UPPER:1'])('says what is wrong with %j', (text) => {
  expect(placeOf(text)).toEqual(expect.any(String));
});
