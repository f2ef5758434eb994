import {
  type ColumnDef,
  createSortedRowModel,
  type RowSelectionState,
  rowSelectionFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useMemo } from 'react';
import type { TableColumn, TableSorting } from './table-column.ts';

const features = tableFeatures({
  rowSortingFeature,
  rowSelectionFeature,
  sortedRowModel: createSortedRowModel(),
});

/** What {@link useTableModel} works on. */
export interface TableModelOptions<T extends object> {
  readonly rows: readonly T[];
  readonly columns: readonly TableColumn<T>[];
  readonly sorting: TableSorting | null;
  readonly selected: ReadonlySet<string>;
  rowId(row: T): string;
  onSorting(sorting: TableSorting | null): void;
  onSelected(selected: ReadonlySet<string>): void;
}

/** The table's model: sorting and selection by TanStack Table, over columns of our own simpler shape. */
export function useTableModel<T extends object>(options: TableModelOptions<T>) {
  const columns = useMemo(() => options.columns.map((column) => toColumnDef(column)), [options.columns]);
  const sorting = useMemo(
    () =>
      options.sorting === null ? [] : [{ id: options.sorting.column, desc: options.sorting.descending }],
    [options.sorting],
  );
  const rowSelection = useMemo<RowSelectionState>(
    () => Object.fromEntries([...options.selected].map((id) => [id, true as const])),
    [options.selected],
  );
  return useTable<typeof features, T>({
    features,
    columns,
    data: options.rows,
    getRowId: options.rowId,
    enableSortingRemoval: false,
    enableMultiSort: false,
    state: { sorting, rowSelection },
    onSortingChange: (change) => {
      const [first] = typeof change === 'function' ? change(sorting) : change;
      options.onSorting(first === undefined ? null : { column: first.id, descending: first.desc });
    },
    onRowSelectionChange: (change) => {
      const next = typeof change === 'function' ? change(rowSelection) : change;
      options.onSelected(new Set(Object.keys(next).filter((id) => next[id])));
    },
  });
}

function toColumnDef<T extends object>(column: TableColumn<T>): ColumnDef<typeof features, T> {
  const { sortValue } = column;
  return {
    id: column.id,
    header: column.title,
    accessorFn: (row: T) => sortValue?.(row) ?? undefined,
    enableSorting: sortValue !== undefined,
    sortDescFirst: column.largestFirst ?? false,
    sortUndefined: 'last',
    sortFn: (a, b, id) => compare(a.getValue(id), b.getValue(id)),
  };
}

const words = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Numbers by size, words as people sort them ("1.9" before "1.10"). */
function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return words.compare(String(a), String(b));
}
