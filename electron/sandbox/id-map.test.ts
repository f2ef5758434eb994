import { describe, expect, it } from 'vitest';
import {
  countIds,
  mapArguments,
  mapsId,
  parseProcessIdMap,
  parseSubordinateIds,
  rootlessRanges,
} from './id-map.ts';

describe('ids inside and outside', () => {
  it.each([
    ['ann:100000:65536\nbob:165536:65536\n', [{ start: 165536, length: 65536 }]],
    [
      'bob:1:2\n1000:9:10\n',
      [
        { start: 1, length: 2 },
        { start: 9, length: 10 },
      ],
    ],
    ['bob:x:2\nbob:5:0\nbob:1\nbob:1:2:3\n\n# bob\n', []],
    ['', []],
  ])('reads %j', (text, ranges) => {
    expect(parseSubordinateIds(text, 'bob', 1000)).toEqual(ranges);
  });

  it('a normal user is root inside and has the subordinate ids from 1 on', () => {
    const ranges = rootlessRanges(1000, [
      { start: 100000, length: 1000 },
      { start: 500000, length: 10 },
    ]);
    expect(mapArguments(ranges)).toEqual(['0', '1000', '1', '1', '100000', '1000', '1001', '500000', '10']);
    expect(countIds(ranges)).toBe(1011);
    expect([0, 1, 1000, 1001, 1010, 1011, -1].map((id) => mapsId(ranges, id))).toEqual([
      ...[true, true, true, true, true],
      ...[false, false],
    ]);
  });

  it('reads the map of a process', () => {
    expect(parseProcessIdMap('         0          0 4294967295\n')).toEqual([
      { inside: 0, outside: 0, length: 4294967295 },
    ]);
    expect(parseProcessIdMap('')).toEqual([]);
  });
});
