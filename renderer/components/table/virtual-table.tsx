// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid is made of positioned boxes, not of table elements.
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid itself has the focus and names its active row.
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useCallback,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { Checkbox } from '#renderer/components/checkbox.tsx';
import { ColumnHead } from './column-head.tsx';
import styles from './table.module.css';
import { columnsFor, leastWidth, type TableColumn, type TableSorting, tracksOf } from './table-column.ts';
import { idsBetween, moveActive } from './table-keys.ts';
import { TableRow } from './table-row.tsx';
import { useElementWidth } from './use-element-width.ts';
import { useReachedEnd } from './use-reached-end.ts';
import { useTableModel } from './use-table-model.ts';

/** Props of {@link VirtualTable}. */
export interface VirtualTableProps<T extends object> {
  /** What the table lists, for screen readers. */
  readonly label: string;
  /** Keep the reference while nothing changed. */
  readonly rows: readonly T[];
  readonly columns: readonly TableColumn<T>[];
  rowId(row: T): string;
  /** How a row is called in "Select …". */
  rowName(row: T): string;
  /** With `onSorting`, where the sorting is kept outside. */
  readonly sorting?: TableSorting | null;
  onSorting?(sorting: TableSorting | null): void;
  /** Where it starts when the table keeps its sorting itself. */
  readonly initialSorting?: TableSorting;
  /** With `onSelected`, rows have a box to tick. */
  readonly selected?: ReadonlySet<string>;
  onSelected?(selected: ReadonlySet<string>): void;
  /** A click on a row, or Enter. */
  onOpen?(row: T): void;
  /** The Delete key on a row. */
  onDelete?(row: T): void;
  /** How many rows there are where `rows` are only the first of them. */
  readonly rowCount?: number;
  /** The last of `rows` came into view. */
  onEnd?(): void;
  /** Shown in place of rows. */
  readonly empty?: ReactNode;
  readonly rowHeight?: number;
}

const NOTHING: ReadonlySet<string> = new Set();
const GAP = 16;
const TICK = 16;
const HEADER = 32;

/**
 * A table that stays smooth with thousands of rows: only those in view are drawn. It is one stop of the Tab key;
 * arrows walk, Space ticks (with Shift a range), Enter opens, with Shift the row's menu, Delete removes, Escape unticks.
 */
export function VirtualTable<T extends object>(props: VirtualTableProps<T>): ReactNode {
  const { rowHeight = 34, selected = NOTHING, onSelected } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const width = useElementWidth(scroller);
  const [ownSorting, setOwnSorting] = useState<TableSorting | null>(props.initialSorting ?? null);
  const [activeId, setActiveId] = useState<string>();
  const [anchor, setAnchor] = useState(0);
  const columns = useMemo(() => columnsFor(props.columns, width), [props.columns, width]);
  const table = useTableModel({
    rows: props.rows,
    // All of them, so that a hidden column can still be the one that sorts.
    columns: props.columns,
    sorting: props.sorting === undefined ? ownSorting : props.sorting,
    selected,
    rowId: props.rowId,
    onSorting: props.onSorting ?? setOwnSorting,
    onSelected: onSelected ?? ignore,
  });
  const rows = table.getRowModel().rows;
  const active = useMemo(() => rows.findIndex((row) => row.id === activeId), [rows, activeId]);
  // A new function would have all rows measured again at each turn of the wheel.
  const getItemKey = useCallback((index: number) => rows[index]?.id ?? index, [rows]);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey,
    scrollMargin: HEADER,
    scrollPaddingStart: HEADER,
    overscan: 6,
  });

  useReachedEnd(virtualizer.getVirtualItems().at(-1)?.index, rows.length, props.onEnd);

  const moveTo = (index: number, extend: boolean): void => {
    setActiveId(rows[index]?.id);
    virtualizer.scrollToIndex(index, { align: 'auto' });
    if (index === rows.length - 1) props.onEnd?.();
    if (!extend) setAnchor(index);
    else if (onSelected !== undefined) {
      const ids = rows.map((row) => row.id);
      onSelected(new Set([...selected, ...idsBetween(ids, anchor, index)]));
    }
  };
  const openMenu = (row: Element | null): boolean => {
    const button = row?.querySelector<HTMLElement>('[aria-haspopup=menu]');
    button?.click();
    return button != null;
  };
  const activeRow = (): Element | null => document.getElementById(`${id}-${active}`);
  const onContextMenu = (event: MouseEvent): void => {
    const target = event.target as Element;
    // Events of an open menu come by here too. A link has a menu of its own, and so has a text that is marked.
    if (!event.currentTarget.contains(target)) return;
    if (target.closest('a, input') !== null || window.getSelection()?.isCollapsed === false) return;
    if (openMenu(target.closest('[role=row]') ?? activeRow())) event.preventDefault();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // Buttons and boxes inside the table have keys of their own, and Escape leads back from them.
    if (event.target !== event.currentTarget && event.key === 'Escape') scroller.current?.focus();
    if (event.target !== event.currentTarget || event.altKey) return;
    if (event.key === 'Enter' && event.shiftKey && openMenu(activeRow())) {
      event.preventDefault();
      return;
    }
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
    const next = moveActive(event.key, active, rows.length, page);
    const row = rows[active];
    if (next !== undefined) moveTo(next, event.shiftKey);
    else if (event.key === ' ' && onSelected !== undefined) row?.toggleSelected();
    else if (event.key === 'Enter' && row !== undefined) props.onOpen?.(row.original);
    else if (event.key === 'Delete' && row !== undefined) props.onDelete?.(row.original);
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) table.toggleAllRowsSelected(true);
    else if (event.key === 'Escape' && selected.size > 0) onSelected?.(NOTHING);
    else return;
    event.preventDefault();
  };

  const hasTicks = onSelected !== undefined;
  const least = leastWidth(columns, GAP) + (hasTicks ? TICK + GAP : 0);
  const layout = {
    '--tracks': `${hasTicks ? `${TICK}px ` : ''}${tracksOf(columns)}`,
    '--least-width': `${least}px`,
  } as CSSProperties;
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      style={layout}
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={(props.rowCount ?? rows.length) + 1}
      aria-multiselectable={hasTicks}
      aria-activedescendant={active < 0 ? undefined : `${id}-${active}`}
      onKeyDown={onKeyDown}
      onContextMenu={onContextMenu}
      onFocus={(event) => {
        if (event.target === event.currentTarget && active < 0) setActiveId(rows[0]?.id);
      }}
    >
      <div className={styles.header} role="row" aria-rowindex={1}>
        {hasTicks ? (
          <div role="columnheader">
            <Checkbox
              hideLabel
              label="Select all"
              checked={rows.length > 0 && table.getIsAllRowsSelected()}
              indeterminate={table.getIsSomeRowsSelected() && !table.getIsAllRowsSelected()}
              disabled={rows.length === 0}
              onChecked={(checked) => table.toggleAllRowsSelected(checked)}
            />
          </div>
        ) : null}
        {columns.map((column) => (
          <ColumnHead
            key={column.id}
            title={column.title}
            isHidden={column.hideTitle ?? false}
            isEnd={column.align === 'end'}
            direction={table.getColumn(column.id)?.getIsSorted() ?? false}
            onSort={column.sortValue && (() => table.getColumn(column.id)?.toggleSorting())}
          />
        ))}
      </div>
      {rows.length === 0 ? <div className={styles.empty}>{props.empty ?? 'Nothing here.'}</div> : null}
      <div className={styles.body} role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <TableRow
              key={row.id}
              id={`${id}-${item.index}`}
              row={row.original}
              name={props.rowName(row.original)}
              columns={columns}
              index={item.index}
              isActive={row.id === activeId}
              isSelected={hasTicks ? row.getIsSelected() : undefined}
              style={{ height: rowHeight, transform: `translateY(${item.start - HEADER}px)` }}
              onSelected={(next) => row.toggleSelected(next)}
              onPress={() => {
                setActiveId(row.id);
                setAnchor(item.index);
                scroller.current?.focus({ preventScroll: true });
                // Whoever marks text in a row does not want to leave it.
                if (window.getSelection()?.isCollapsed ?? true) props.onOpen?.(row.original);
              }}
            />
          );
        })}
      </div>
    </div>
  );
}

function ignore(): void {}
