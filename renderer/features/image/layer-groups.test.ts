import { expect, test } from 'vitest';
import { fakeImageDetail } from '#renderer/testing/fake-images.ts';
import { groupLayers } from './layer-groups.ts';

const layers = (fakeImageDetail('acme/web:1.4.2')?.layers ?? []).map((layer) => ({
  ...layer,
  wastedBytes: layer.index === 7 ? 9.1e6 : 0,
}));

test('own layers stand above those of the base, newest first, with their sums', () => {
  const groups = groupLayers(layers);
  expect(groups.map((group) => [group.title, group.note])).toEqual([
    ['Your layers · 4', '41.8 MB, wastes 9.1 MB unpacked'],
    ['Base image · 5 layers', '71.1 MB, shared with 3 images'],
  ]);
  expect(groups.flatMap((group) => group.layers.map((layer) => layer.index))).toEqual([
    8, 7, 6, 5, 4, 3, 2, 1, 0,
  ]);
});

test('the base has the name that FROM gave it', () => {
  expect(groupLayers(layers, 'node:20-slim')[1]?.title).toBe('node:20-slim · 5 layers');
});

test('an image without a base has one group', () => {
  const own = layers.filter((layer) => !layer.base);
  expect(groupLayers(own).map((group) => group.title)).toEqual(['Layers · 4']);
});

test('an image shared only in part is not called shared', () => {
  const base = layers
    .filter((layer) => layer.base)
    .map((layer, index) => (index === 2 ? { ...layer, sharedWith: [] } : layer));
  expect(groupLayers(base)[0]?.note).toBe('71.1 MB');
});
