import { describe, expect, it } from 'vitest';
import type { FileDifference } from './compare-images.ts';
import { countDifferences, differenceRows } from './difference-rows.ts';

function difference(
  path: string,
  change: FileDifference['change'],
  [before, after]: [number | null, number | null],
  isDirectory = false,
): FileDifference {
  return { path, change, isDirectory, sameContent: false, before, after };
}

const DIFFERENCES: FileDifference[] = [
  difference('app/log', 'changed', [10, 10]),
  difference('app/main.js', 'changed', [100, 130]),
  difference('app/tool', 'removed', [0, null], true),
  difference('app/tool-2', 'removed', [5, null]),
  difference('app/tool/bin', 'removed', [0, null], true),
  difference('app/tool/bin/a', 'removed', [70, null]),
  difference('app/tool/readme', 'removed', [30, null]),
  difference('etc', 'changed', [0, 0], true),
  difference('new', 'added', [null, 20]),
];

describe('the rows of a comparison', () => {
  it('put the largest difference first, and a directory that went in one row', () => {
    expect(
      differenceRows(DIFFERENCES).map(({ path, files, before, after }) => [path, files, before, after]),
    ).toEqual([
      ['app/tool', 2, 100, null],
      ['app/main.js', 1, 100, 130],
      ['new', 1, null, 20],
      ['app/tool-2', 1, 5, null],
      ['app/log', 1, 10, 10],
      ['etc', 0, 0, 0],
    ]);
  });

  it('keep apart what came below a directory that was there, and a file in the place of a directory', () => {
    const rows = differenceRows([
      difference('lib', 'changed', [0, 0], true),
      difference('lib/x', 'added', [null, 3]),
      difference('was', 'changed', [0, 9]),
      difference('was/inside', 'removed', [4, null]),
    ]);
    expect(rows.map(({ path }) => path)).toEqual(['was', 'was/inside', 'lib/x', 'lib']);
  });

  it('count files alone', () => {
    expect(countDifferences(DIFFERENCES)).toEqual({ added: 1, changed: 2, removed: 3 });
    expect(countDifferences([])).toEqual({ added: 0, changed: 0, removed: 0 });
  });
});
