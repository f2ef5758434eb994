// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid is made of positioned boxes, not of table elements.
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid itself has the focus and names its active row.
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from '#renderer/styles/class-names.ts';
import text from '#renderer/styles/text.module.css';
import styles from './table.module.css';

/** The title of a column; a button where it can be sorted by. */
export function ColumnHead(props: {
  readonly title: string;
  readonly isHidden: boolean;
  readonly isEnd: boolean;
  readonly direction: false | 'asc' | 'desc';
  readonly onSort: (() => void) | undefined;
}): ReactNode {
  const { title, direction, onSort } = props;
  const order = direction === 'asc' ? 'ascending' : direction === 'desc' ? 'descending' : 'none';
  const Arrow = direction === 'asc' ? ArrowUp : ArrowDown;
  return (
    <div
      role="columnheader"
      className={classNames(styles.head, props.isEnd && styles.end)}
      aria-sort={onSort === undefined ? undefined : order}
    >
      {onSort === undefined ? (
        <span className={props.isHidden ? text.hidden : undefined}>{title}</span>
      ) : (
        <button
          type="button"
          className={classNames(styles.sort, direction && styles.sorted)}
          onClick={onSort}
        >
          {title}
          {direction === false ? null : <Arrow aria-hidden />}
        </button>
      )}
    </div>
  );
}
