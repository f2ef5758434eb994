import { expect, it } from 'vitest';
import { buildOptions } from '#shared/contract/projects.ts';
import { buildQuery } from './build-query.ts';
import { refuseOptions } from './refuse-options.ts';

it.each([
  [{ secrets: [{ id: 's', file: 'x' }] }, '--secret'],
  [{ ssh: [{ id: 'default' }] }, '--ssh'],
  [{ contexts: { a: 'b' } }, '--build-context'],
  [{ allow: ['security.insecure'] }, '--allow'],
  [{ noCacheFilter: ['a'] }, '--no-cache-filter'],
])('a build on an engine refuses %j, which it would leave out', (given, flag) => {
  expect(() => refuseOptions(buildOptions.parse(given), 'Docker')).toThrow(flag);
});

it('takes empty ones, labels and --pull', () => {
  const options = buildOptions.parse({ secrets: [], contexts: {}, labels: { a: '1' }, pull: true });
  expect(() => refuseOptions(options, 'Docker')).not.toThrow();
  expect(buildQuery(options)).toMatchObject({ labels: { a: '1' }, pull: true });
});
