import { expect, test } from 'vitest';
import { LAYER_GAP, LEAST_HEIGHT, stackHeights } from './stack-heights.ts';

const total = (heights: readonly number[]): number =>
  heights.reduce((sum, height) => sum + height, 0) + (heights.length - 1) * LAYER_GAP;

test.each([
  [[388, 121e6, 9e3], 400],
  [[1, 2, 3, 4, 5, 6, 7, 8, 9], 560],
  [[0, 0, 5e6], 200],
])('the stack of %j fits into %d pixels', (sizes, room) => {
  expect(total(stackHeights(sizes, room))).toBeLessThanOrEqual(room);
});

test('every layer can be clicked, and a larger one is never lower', () => {
  const sizes = [0, 388, 9e3, 212e3, 5.3e6, 74.8e6, 121e6];
  const heights = stackHeights(sizes, 700);
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(LEAST_HEIGHT);
  expect(heights).toEqual([...heights].sort((a, b) => a - b));
  expect(heights.at(-1)).toBeGreaterThan(heights[0] ?? 0);
});

test('forty layers keep their differences although they have to scroll', () => {
  const sizes = Array.from({ length: 40 }, (_, index) => index * 1e6);
  const heights = stackHeights(sizes, 300);
  expect(heights[0]).toBe(LEAST_HEIGHT);
  expect(heights[39]).toBeGreaterThan(LEAST_HEIGHT + 4);
});

test('layers that are all empty are all of the least height', () => {
  expect(stackHeights([0, 0], 500)).toEqual([LEAST_HEIGHT, LEAST_HEIGHT]);
});
