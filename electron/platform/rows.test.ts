import { describe, expect, it } from 'vitest';
import { HashRows, NumberRows } from './rows.ts';

describe('NumberRows', () => {
  it('keeps the numbers of each row apart, over all its parts', () => {
    const rows = new NumberRows(2);
    for (let row = 0; row < 1000; row += 1) rows.setRow(row, row, -row / 2);
    rows.set(700, 1, 2 ** 53);
    expect([0, 255, 256, 999].map((row) => [rows.get(row, 0), rows.get(row, 1)])).toEqual([
      [0, -0],
      [255, -127.5],
      [256, -128],
      [999, -499.5],
    ]);
    expect([rows.get(700, 0), rows.get(700, 1), rows.get(701, 0)]).toEqual([700, 2 ** 53, 701]);
  });
});

describe('HashRows', () => {
  it('gives back each digest in hex', () => {
    const rows = new HashRows();
    const hashes = Array.from({ length: 600 }, (_, at) => at.toString(16).padStart(64, 'f'));
    for (const [row, hash] of hashes.entries()) rows.set(row, hash);
    expect(hashes.map((_, row) => rows.get(row))).toEqual(hashes);
  });
});
