import { expect, it } from 'vitest';
import { hostProblem, normalHost, wantedOf } from './registry-host.ts';

it.each([
  [' GHCR.io ', 'ghcr.io'],
  ['https://registry.example.com/v2/', 'registry.example.com'],
  ['localhost:5000', 'localhost:5000'],
  ['http://localhost:5000/team/app:1', 'localhost:5000'],
])('reads the host in %j', (text, host) => {
  expect(normalHost(text)).toBe(host);
});

it.each([
  ['docker.io', true],
  ['localhost', true],
  ['localhost:5000', true],
  ['[::1]:5000', true],
  ['*', false],
  ['*.lan:5000', false],
  ['registry', false],
  ['', false],
  ['a b.example', false],
  ['-x.example', false],
])('judges %j', (text, good) => {
  expect(hostProblem(text) === null).toBe(good);
});

it('tells what the sign-in wants', () => {
  expect(wantedOf('https://ghcr.io/')).toContain('write:packages');
  expect(wantedOf('registry.example.com')).toContain('token');
});
