import { describe, expect, it } from 'vitest';
import type { ContextEntry } from './context-entry.ts';
import { ContextEntryTable } from './context-entry-table.ts';

const attributes = { mode: 0o755, mtimeMs: 1.5, ctimeMs: 2.5, ino: 2 ** 50, links: 2 };

function entry(path: string, type: ContextEntry['type'] = 'file'): ContextEntry {
  const linkTarget = type === 'symlink' ? '../x' : undefined;
  return { ...attributes, path, type, size: type === 'file' ? path.length : 0, linkTarget };
}

/** In the order in which a context is listed: a slash comes before all other characters. */
const ENTRIES = [
  entry('B'),
  entry('a', 'directory'),
  entry('a/b', 'directory'),
  entry('a/b/c'),
  entry('a/b/\u{10000}'),
  entry('a/b/\uffee'),
  entry('a/b d', 'symlink'),
  entry('a b', 'directory'),
  entry('a b/pipe', 'other'),
  entry('a.txt'),
  entry('b', 'directory'),
];

function table(entries: readonly ContextEntry[]): ContextEntryTable {
  const made = new ContextEntryTable();
  for (const each of entries) made.add(each);
  return made;
}

describe('ContextEntryTable', () => {
  it('gives back every entry in its order', () => {
    const made = table(ENTRIES);
    expect([...made]).toEqual(ENTRIES);
    expect([...made.slice(2, 5)]).toEqual(ENTRIES.slice(2, 5));
    expect(made.at(ENTRIES.length)).toBeUndefined();
  });

  it('finds the place of each path, and of no other', () => {
    const made = table(ENTRIES);
    const places = [...ENTRIES.entries()];
    for (const [place, { path }] of [...places, ...places.toReversed()]) expect(made.find(path)).toBe(place);
    for (const path of ['', 'A', 'a/', 'a/b/', 'a/b/d', 'a-b', 'b/c', 'z'])
      expect(made.find(path)).toBeNull();
    expect(table([]).find('a')).toBeNull();
  });

  it('tells where what is below an entry ends', () => {
    const made = table(ENTRIES);
    const ends = ENTRIES.map((_, place) => made.endOf(place));
    expect(ends).toEqual([1, 7, 6, 4, 5, 6, 7, 9, 9, 10, 11]);
  });

  it('holds thousands of entries', () => {
    const made = table(Array.from({ length: 5000 }, (_, at) => entry(`f${String(at).padStart(4, '0')}`)));
    expect(made.length).toBe(5000);
    expect(made.find('f4321')).toBe(4321);
    expect(made.at(4321)).toEqual(entry('f4321'));
  });
});
