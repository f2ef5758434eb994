import { expect, it } from 'vitest';
import { crumbsOf, joinPath, lastName } from './folder-path.ts';

it.each([
  ['/home/ada', 'x', '/home/ada/x'],
  ['/', 'x', '/x'],
  ['C:\\', 'x', 'C:\\x'],
  ['C:\\code', 'x', 'C:\\code\\x'],
  ['\\\\server\\share', 'x', '\\\\server\\share\\x'],
])('joins %s and %s', (folder, name, path) => {
  expect(joinPath(folder, name)).toBe(path);
});

it.each([
  ['/', [['/', '/']]],
  [
    '/home/ada',
    [
      ['/', '/'],
      ['home', '/home'],
      ['ada', '/home/ada'],
    ],
  ],
  [
    'C:\\code\\web',
    [
      ['C:', 'C:\\'],
      ['code', 'C:\\code'],
      ['web', 'C:\\code\\web'],
    ],
  ],
])('leads to every folder above %s', (path, crumbs) => {
  expect(crumbsOf(path).map((crumb) => [crumb.name, crumb.path])).toEqual(crumbs);
});

it('names the folder', () => {
  expect(lastName('/home/ada/web')).toBe('web');
  expect(lastName('/')).toBe('/');
});
