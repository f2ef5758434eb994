import { NumberRows } from '../../platform/rows.ts';
import type { ContextEntry } from './context-entry.ts';

const TYPES: readonly ContextEntry['type'][] = ['file', 'directory', 'symlink', 'other'];

/** The columns of numbers. */
const [TYPE, MODE, SIZE, MTIME, CTIME, INO, LINKS, COLUMNS] = [0, 1, 2, 3, 4, 5, 6, 7];

/**
 * The entries of a context in rows: a third of the memory that as many objects take. They are added folder by folder,
 * each before what is in it, the names in a folder in the order of their UTF-16 code units. An entry is made anew each
 * time it is asked for.
 */
export class ContextEntryTable implements Iterable<ContextEntry> {
  readonly #paths: string[] = [];
  readonly #numbers = new NumberRows(COLUMNS);
  readonly #linkTargets = new Map<number, string>();
  /** What was found last: who asks for one path mostly asks for the one behind it next. */
  #found = -1;

  get length(): number {
    return this.#paths.length;
  }

  /** Adds an entry behind all others. */
  add(entry: ContextEntry): void {
    const place = this.#paths.push(entry.path) - 1;
    const { mode, size, mtimeMs, ctimeMs, ino, links, linkTarget } = entry;
    this.#numbers.setRow(place, TYPES.indexOf(entry.type), mode, size, mtimeMs, ctimeMs, ino, links);
    if (linkTarget !== undefined) this.#linkTargets.set(place, linkTarget);
  }

  /** The entry at a place, counted from 0. */
  at(place: number): ContextEntry | undefined {
    const path = this.#paths[place];
    if (path === undefined) return undefined;
    return {
      path,
      type: this.typeAt(place),
      mode: this.modeAt(place),
      size: this.sizeAt(place),
      mtimeMs: this.mtimeAt(place),
      ctimeMs: this.#numbers.get(place, CTIME),
      ino: this.inoAt(place),
      links: this.linksAt(place),
      linkTarget: this.linkTargetAt(place),
    };
  }

  *[Symbol.iterator](): Generator<ContextEntry, void, void> {
    yield* this.slice(0, this.length);
  }

  /** The entries from one place to before another. */
  *slice(from: number, to: number): Generator<ContextEntry, void, void> {
    for (let place = from; place < to; place += 1) yield this.at(place) as ContextEntry;
  }

  /** Where the entry of a path stands; null when there is none. */
  find(path: string): number | null {
    const next = this.#found + 1;
    const place = this.#paths[next] === path ? next : this.#firstNot((at) => isBefore(at, path), 0);
    if (this.#paths[place] !== path) return null;
    this.#found = place;
    return place;
  }

  /** The place after all that is below the entry at a place. */
  endOf(place: number): number {
    if (this.typeAt(place) !== 'directory') return place + 1;
    const folder = `${this.pathAt(place)}/`;
    return this.#firstNot((at) => at.startsWith(folder), place + 1);
  }

  /** The first place from `start` on whose path is not such, where all that are such come first. */
  #firstNot(isSuch: (path: string) => boolean, start: number): number {
    let low = start;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isSuch(this.pathAt(middle))) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  pathAt(place: number): string {
    return this.#paths[place] ?? '';
  }

  typeAt(place: number): ContextEntry['type'] {
    return TYPES[this.#numbers.get(place, TYPE)] ?? 'other';
  }

  modeAt(place: number): number {
    return this.#numbers.get(place, MODE);
  }

  sizeAt(place: number): number {
    return this.#numbers.get(place, SIZE);
  }

  mtimeAt(place: number): number {
    return this.#numbers.get(place, MTIME);
  }

  inoAt(place: number): number {
    return this.#numbers.get(place, INO);
  }

  linksAt(place: number): number {
    return this.#numbers.get(place, LINKS);
  }

  linkTargetAt(place: number): string | undefined {
    return this.#linkTargets.get(place);
  }
}

const SLASH = 0x2f;

/** Whether a path comes first in the order of the table: as if the slash were the lowest of all characters. */
function isBefore(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (left !== right) return left === SLASH || (right !== SLASH && left < right);
  }
  return a.length < b.length;
}
