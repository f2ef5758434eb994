import { expect, it } from 'vitest';
import { formatMirror, parseMirror } from './mirrors.ts';

it.each([
  'docker.io = localhost:5000',
  'docker.io=localhost:5000',
  'docker.io → localhost:5000',
  ' https://docker.io/  localhost:5000 ',
])('reads %j', (text) => {
  expect(parseMirror(text)).toEqual(['docker.io', 'localhost:5000']);
});

it('reads what it wrote', () => {
  expect(parseMirror(formatMirror(['ghcr.io', 'mirror.lan:443']))).toEqual(['ghcr.io', 'mirror.lan:443']);
});

it.each(['', 'docker.io', 'docker.io = ', 'a = b', 'docker.io = x.io = y.io', 'docker.io = docker.io'])(
  'refuses %j with a sentence',
  (text) => {
    expect(parseMirror(text)).toMatch(/\.$/);
  },
);
