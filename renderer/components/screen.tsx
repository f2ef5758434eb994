import type { ReactNode } from 'react';
import { classNames } from '#renderer/styles/class-names.ts';
import styles from './screen.module.css';

/** The frame of a screen: a header with its title and actions, bars below it, and a body that fills the rest. */
export function Screen(props: {
  /** The h1, with what stands beside it. */
  readonly title: ReactNode;
  readonly actions?: ReactNode;
  readonly bars?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className={styles.screen}>
      <header className={styles.header}>
        <div className={styles.title}>{props.title}</div>
        {props.actions === undefined ? null : <div className={styles.actions}>{props.actions}</div>}
      </header>
      {props.bars}
      <div className={styles.body}>{props.children}</div>
    </div>
  );
}

/** A line of controls below a screen's header; `selected` for what acts on the selection. */
export function ScreenBar(props: {
  readonly label: string;
  readonly selected?: boolean;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div
      role="toolbar"
      aria-label={props.label}
      className={classNames(styles.bar, props.selected && styles.selected)}
    >
      {props.children}
    </div>
  );
}

/** Pushes what follows to the other end of a row. */
export function Grow(): ReactNode {
  return <span className={styles.grow} />;
}
