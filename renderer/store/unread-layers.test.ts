import { expect, it } from 'vitest';
import { fakeImageDetail } from '#renderer/testing/fake-images.ts';
import type { ImageDetail } from '#shared/contract/images.ts';
import { hasUnreadLayers, mustBeRead, sumSizes, unreadLayers } from './unread-layers.ts';

const MB = 1024 * 1024;

/** An image at a registry whose layers have these sizes; those with a number in `read` were read. */
function remote(sizes: readonly number[], read: readonly number[] = []): ImageDetail {
  const detail = fakeImageDetail('node:20-slim');
  const [layer] = detail?.layers ?? [];
  if (detail === undefined || layer === undefined) throw new Error('There is no such image.');
  return {
    ...detail,
    remote: { reference: 'ghcr.io/acme/web:1', index: null, platforms: [] },
    layers: sizes.map((size, index) => ({
      ...layer,
      index,
      size,
      digest: `sha256:${index}`,
      unpackedSize: read.includes(index) ? size : null,
    })),
  };
}

const positions = (layers: readonly { index: number }[]): number[] => layers.map(({ index }) => index);

it('asks before a large layer is fetched, and reads small ones unasked', () => {
  const detail = remote([30 * MB, 100, 2 * MB]);
  expect(positions(mustBeRead(detail, 0, 'layer'))).toEqual([0]);
  expect(mustBeRead(detail, 1, 'layer')).toEqual([]);
  expect(positions(mustBeRead(detail, 1, 'stack'))).toEqual([0, 1]);
});

it('leaves out what was read before', () => {
  const detail = remote([30 * MB, 100, 2 * MB], [0]);
  expect(positions(unreadLayers(detail))).toEqual([1, 2]);
  expect(mustBeRead(detail, 1, 'stack')).toEqual([]);
  expect(hasUnreadLayers(remote([5], [0]))).toBe(false);
});

it('counts a layer that is in an image twice once', () => {
  const [one, other] = remote([7, 9]).layers;
  if (one === undefined || other === undefined) throw new Error('There are two.');
  expect(sumSizes([one, other, one])).toBe(16);
});

it('has nothing to read of an image that is here', () => {
  const { remote: _, ...here } = remote([30 * MB]);
  expect(unreadLayers(here)).toEqual([]);
});
