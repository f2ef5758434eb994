import { describe, expect, it } from 'vitest';
import { type DigestRecord, DigestTable } from './digest-table.ts';

function record(size: number): DigestRecord {
  return { size, mtimeMs: 1.25, ctimeMs: -2, ino: 2 ** 50, recordedAt: 3, hex: 'ab'.repeat(32) };
}

describe('DigestTable', () => {
  it('gives back what was set last for a path', () => {
    const table = new DigestTable();
    for (let at = 0; at < 1000; at += 1) table.set(`f${at}`, record(at));
    table.set('f500', { ...record(7), hex: 'cd'.repeat(32) });
    expect(table.size).toBe(1000);
    expect(table.get('f500')).toEqual({ ...record(7), hex: 'cd'.repeat(32) });
    expect(table.get('f999')).toEqual(record(999));
    expect(table.get('other')).toBeUndefined();
    expect([...table].slice(0, 2)).toEqual([
      ['f0', record(0)],
      ['f1', record(1)],
    ]);
  });

  it('finds a file that is as it was and was old enough when it was read', () => {
    const table = new DigestTable();
    const { hex, ...facts } = { ...record(4), recordedAt: 1000, mtimeMs: 100, ctimeMs: 200 };
    table.set('f', { ...facts, hex });
    expect(table.hexAt(table.find('f', facts, 799) ?? -1)).toBe(hex);
    expect(table.find('f', facts, 800)).toBeNull();
    expect(table.find('g', facts, 0)).toBeNull();
    for (const name of ['size', 'mtimeMs', 'ctimeMs', 'ino'] as const)
      expect(table.find('f', { ...facts, [name]: facts[name] + 1 }, 0)).toBeNull();
  });

  it('keeps those that were seen', () => {
    const table = new DigestTable();
    for (const [at, path] of ['a', 'b', 'c'].entries()) table.set(path, record(at));
    for (const path of ['c', 'a', 'a', 'none']) table.see(path);
    table.set('a', record(9));
    expect(table.seen).toBe(2);
    const kept = table.onlySeen();
    expect(new Map(kept)).toEqual(new Map([...table].filter(([path]) => path !== 'b')));
    expect(kept.seen).toBe(2);
  });
});
