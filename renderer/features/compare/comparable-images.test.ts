import { expect, it } from 'vitest';
import { fakeImageList } from '#renderer/testing/fake-images.ts';
import type { ImageSummary } from '#shared/contract/images.ts';
import { comparableImages, comparisonRoute, searchedReference } from './comparable-images.ts';

const images = fakeImageList();
const named = (name: string): ImageSummary => {
  const image = images.find((one) => one.names.includes(name));
  if (image === undefined) throw new Error(`There is no ${name}.`);
  return image;
};

it('other tags of the repository come first, then the newest; never the image itself', () => {
  const found = comparableImages(images, named('acme/web:1.4.2'));
  expect(found.slice(0, 3).map((image) => image.names[0])).toEqual([
    'acme/web:1.4.1',
    'acme/worker:0.9.0',
    'acme/monolith:7.2.0',
  ]);
  expect(found).toHaveLength(images.length - 1);
});

it('a search keeps the images that hold every word', () => {
  expect(
    comparableImages(images, named('acme/web:1.4.2'), 'slim 3.12').map((image) => image.names[0]),
  ).toEqual(['python:3.12-slim']);
});

it('compares from the older image to the newer, whichever was chosen first', () => {
  const [old, fresh] = [named('acme/web:1.4.1'), named('acme/web:1.4.2')];
  const route = { screen: 'compare', engine: 'builtin', before: old.id, after: fresh.id };
  expect(comparisonRoute(old, fresh)).toEqual(route);
  expect(comparisonRoute(fresh, old)).toEqual(route);
});

it.each([
  ['registry.example.com/acme/web:1.4', 'registry.example.com/acme/web:1.4'],
  [' localhost:5000/web ', 'localhost:5000/web:latest'],
  ['node', null],
  ['Not/Good:', null],
  ['two words:1', null],
])('reads the search %j as the image %j at a registry', (search, reference) => {
  expect(searchedReference(search)).toBe(reference);
});
