import { expect, test } from 'vitest';
import { fakeImageList } from '#renderer/testing/fake-images.ts';
import type { ImageSummary } from '#shared/contract/images.ts';
import {
  chipsOf,
  chipsThatFit,
  findImages,
  fitsFilter,
  imageName,
  repositoryOf,
  splitName,
} from './image-rows.ts';

const images = fakeImageList();
const first = images[0] as ImageSummary;
const named = (...names: string[]): ImageSummary => ({ ...first, names });

test.each([
  ['acme/web:1.4.2', 'acme/web', '1.4.2'],
  ['nginx:latest', 'nginx', 'latest'],
  ['localhost:5000/web:1', 'localhost:5000/web', '1'],
  ['NOT A NAME', 'NOT A NAME', ''],
])('%s is repository %s with tag %s', (name, repository, tag) => {
  expect(splitName(name)).toEqual({ repository, tag });
});

test('names in another repository are shown whole', () => {
  const image = named('acme/web:1.4.2', 'acme/web:1.4', 'ghcr.io/acme/web:1.4.2');
  expect(chipsOf(image).map((chip) => chip.text)).toEqual(['1.4.2', '1.4', 'ghcr.io/acme/web:1.4.2']);
});

test.each([
  [['127.0.0.1:5000/acme/shop:1.4.2', 'acme/shop:1.4.2', 'acme/shop:latest'], 'acme/shop:1.4.2'],
  [['127.0.0.1:5000/acme/shop:1', 'acme/shop:1'], 'acme/shop:1'],
  [['ghcr.io/acme/web:1', 'ghcr.io/acme/web:2', 'web:1'], 'ghcr.io/acme/web:1'],
])('an image with the names %j is called %s, and its own tags come first', (names, name) => {
  expect(imageName(named(...names))).toBe(name);
  expect(chipsOf(named(...names))[0]?.name).toBe(name);
});

test('a dangling image has no repository and is called by its id', () => {
  const image = { ...named(), id: `sha256:${'ab12'.repeat(16)}` };
  expect(repositoryOf(image)).toBeNull();
  expect(imageName(image)).toBe('untagged ab12ab12ab12');
  expect(fitsFilter(image, 'dangling')).toBe(true);
});

test.each([
  ['web', 'all', 2],
  ['WEB 1.4.1', 'all', 1],
  ['api-3', 'all', 1],
  ['', 'in-use', 2],
  ['', 'dangling', 1],
  ['node', 'in-use', 0],
  ['no such thing', 'all', 0],
] as const)('the search "%s" among %s finds %d images', (search, filter, count) => {
  expect(findImages(images, search, filter)).toHaveLength(count);
});

test('without search and filter the list keeps its identity', () => {
  expect(findImages(images, '  ', 'all')).toBe(images);
});

test.each([
  [['1.4.2', '1.4', 'latest'], 3],
  [['1.4.2', 'latest', 'acme/storefront:dev'], 2],
  [['a-very-long-name-of-a-branch', '1'], 1],
  [['1', '2', '3', '4'], 3],
])('of the chips %j so many stand whole in a row: %d', (texts, count) => {
  expect(chipsThatFit(texts.map((text) => ({ text })))).toBe(count);
});
