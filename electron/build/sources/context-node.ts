import type { ContextEntryTable } from '../context/context-entry-table.ts';
import type { SourceNode } from './source-tree.ts';

/** An entry of a context as a source, of root. It holds its place alone, since a copy may hold very many. */
export class ContextNode implements SourceNode {
  readonly #entries: ContextEntryTable;
  readonly #place: number;

  /** Of an entry that is not of type `other`. */
  constructor(entries: ContextEntryTable, place: number) {
    this.#entries = entries;
    this.#place = place;
  }

  get path(): string {
    return this.#entries.pathAt(this.#place);
  }

  get type(): SourceNode['type'] {
    const type = this.#entries.typeAt(this.#place);
    return type === 'other' ? 'file' : type;
  }

  get mode(): number {
    return this.#entries.modeAt(this.#place);
  }

  get uid(): number {
    return 0;
  }

  get gid(): number {
    return 0;
  }

  get size(): number {
    return this.#entries.sizeAt(this.#place);
  }

  get mtime(): number {
    return Math.floor(this.#entries.mtimeAt(this.#place) / 1000);
  }

  get linkTarget(): string | undefined {
    return this.#entries.linkTargetAt(this.#place);
  }

  get inode(): string | undefined {
    const isShared = this.type === 'file' && this.#entries.linksAt(this.#place) > 1;
    return isShared ? String(this.#entries.inoAt(this.#place)) : undefined;
  }
}
