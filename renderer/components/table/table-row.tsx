// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid is made of positioned boxes, not of table elements.
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid itself has the focus and names its active row.
import type { CSSProperties, ReactNode } from 'react';
import { Checkbox } from '#renderer/components/checkbox.tsx';
import { classNames } from '#renderer/styles/class-names.ts';
import styles from './table.module.css';
import type { TableColumn } from './table-column.ts';

/** Props of {@link TableRow}. */
export interface TableRowProps<T> {
  readonly id: string;
  readonly row: T;
  readonly name: string;
  readonly columns: readonly TableColumn<T>[];
  /** Position among all rows, from 0. */
  readonly index: number;
  readonly isActive: boolean;
  /** Undefined where rows cannot be ticked. */
  readonly isSelected: boolean | undefined;
  readonly style: CSSProperties;
  onSelected(selected: boolean): void;
  onPress(): void;
}

/** One row of a virtual table. */
export function TableRow<T>(props: TableRowProps<T>): ReactNode {
  const { row, columns, isSelected } = props;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys for its rows.
    <div
      id={props.id}
      role="row"
      aria-rowindex={props.index + 2}
      aria-selected={isSelected}
      className={classNames(styles.row, props.isActive && styles.active)}
      style={props.style}
      onClick={(event) => {
        if (!isOwnControl(event.target, event.currentTarget)) props.onPress();
      }}
    >
      {isSelected === undefined ? null : (
        <div role="gridcell">
          <Checkbox
            hideLabel
            label={`Select ${props.name}`}
            checked={isSelected}
            tabIndex={-1}
            onChecked={props.onSelected}
          />
        </div>
      )}
      {columns.map((column) => (
        <div
          key={column.id}
          role="gridcell"
          className={classNames(styles.cell, column.align === 'end' && styles.end)}
        >
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
}

/** Whether a click was meant for a control inside the row. */
function isOwnControl(target: EventTarget, row: HTMLElement): boolean {
  if (!(target instanceof Element) || !row.contains(target)) return true;
  return target.closest('button, a, input') !== null;
}
