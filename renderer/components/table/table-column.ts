import type { ReactNode } from 'react';

/** One column of a {@link VirtualTable}. Keep the list of them a constant of its module. */
export interface TableColumn<T> {
  readonly id: string;
  readonly title: string;
  /** The title is for screen readers only: what the column holds speaks for itself. */
  readonly hideTitle?: boolean;
  /** Least width in pixels. */
  readonly width: number;
  /** Share of the room that is left; absent: the column stays as wide as `width`. */
  readonly grow?: number;
  readonly align?: 'end';
  /** The column is left out when the table is narrower than this, in pixels. */
  readonly hideBelow?: number;
  /** What it is sorted by; absent: it cannot be sorted. Null goes last in both directions. */
  sortValue?(row: T): string | number | null;
  /** The first click sorts from large to small. */
  readonly largestFirst?: boolean;
  cell(row: T): ReactNode;
}

/** By which column a table is sorted. */
export interface TableSorting {
  readonly column: string;
  readonly descending: boolean;
}

const SIDE = 20;

/** The columns that fit into `width` pixels; all of them while the width is not known. */
export function columnsFor<T>(columns: readonly TableColumn<T>[], width: number): readonly TableColumn<T>[] {
  return width === 0 ? columns : columns.filter((column) => (column.hideBelow ?? 0) <= width);
}

/** The columns as tracks of a CSS grid. */
export function tracksOf<T>(columns: readonly TableColumn<T>[]): string {
  return columns
    .map(({ width, grow }) => (grow === undefined ? `${width}px` : `minmax(${width}px, ${grow}fr)`))
    .join(' ');
}

/** The width below which the table scrolls sideways, in pixels. */
export function leastWidth<T>(columns: readonly TableColumn<T>[], gap: number): number {
  return columns.reduce((sum, column) => sum + column.width + gap, 2 * SIDE - gap);
}
