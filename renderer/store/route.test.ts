import { expect, test } from 'vitest';
import { formatRoute, HOME, parseRoute, type Route, topScreen } from './route.ts';

const ROUTES: readonly (readonly [Route, string])[] = [
  [{ screen: 'projects' }, '#/projects'],
  [{ screen: 'project', id: 'a b/c' }, '#/project/a%20b%2Fc'],
  [
    { screen: 'image', engine: 'builtin', ref: 'localhost:5000/a/b:1' },
    '#/image/builtin/localhost%3A5000%2Fa%2Fb%3A1',
  ],
  [
    { screen: 'compare', engine: 'builtin', before: 'a/b:1', after: 'sha256:17' },
    '#/compare/builtin/a%2Fb%3A1/sha256%3A17',
  ],
  [{ screen: 'build', id: '17' }, '#/build/17'],
  [{ screen: 'build', id: '17', line: 5 }, '#/build/17/5'],
  [{ screen: 'compare-builds', before: '17', after: 'a b' }, '#/compare-builds/17/a%20b'],
  [{ screen: 'settings' }, '#/settings'],
];

test.each(ROUTES)('%j is written %s and read again', (route, fragment) => {
  expect(formatRoute(route)).toBe(fragment);
  expect(parseRoute(fragment)).toEqual(route);
});

test.each([
  '',
  '#',
  '#/',
  '#/nowhere',
  '#/image/builtin',
  '#/compare/builtin/a',
  '#/project',
  '#/compare-builds/17',
  '#/%E0%A4%A/x',
  'garbage',
])('the fragment "%s" leads home', (fragment) => {
  expect(parseRoute(fragment)).toEqual(HOME);
});

test('details belong to the screen of the sidebar that leads to them', () => {
  expect(topScreen({ screen: 'image', engine: 'docker', ref: 'a' })).toBe('images');
  expect(topScreen({ screen: 'build', id: '1' })).toBe('builds');
  expect(topScreen({ screen: 'compare-builds', before: '1', after: '2' })).toBe('builds');
  expect(topScreen({ screen: 'storage' })).toBe('storage');
});
