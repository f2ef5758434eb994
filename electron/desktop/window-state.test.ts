import { expect, it } from 'vitest';
import { boundsOnDisplay } from './window-state.ts';

const MAIN = { x: 0, y: 0, width: 1920, height: 1080 };
const LEFT = { x: -1280, y: 0, width: 1280, height: 1024 };

it.each([
  ['a window within the display', { x: 10, y: 10, width: 800, height: 600 }, true],
  ['one on the second display', { x: -1000, y: 100, width: 800, height: 600 }, true],
  ['one with a grip left at the right', { x: 1820, y: 10, width: 800, height: 600 }, true],
  ['one almost gone to the right', { x: 1830, y: 10, width: 800, height: 600 }, false],
  ['one whose title is above the display', { x: 10, y: -40, width: 800, height: 600 }, false],
  ['one whose title is below the display', { x: 10, y: 1060, width: 800, height: 600 }, false],
  ['one on a display that is gone', { x: 4000, y: 10, width: 800, height: 600 }, false],
])('keeps or drops the bounds of %s', (_name, bounds, isKept) => {
  expect(boundsOnDisplay(bounds, [LEFT, MAIN])).toEqual(isKept ? bounds : null);
});

it('has no bounds before the first window', () => {
  expect(boundsOnDisplay(null, [MAIN])).toBeNull();
});
